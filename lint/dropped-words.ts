/**
 * Words, names and phrases that this repository does not use, each with what replaces it (CONTRIBUTING.md#glossary).
 * Adding one is one line.
 */

/** Identifiers and file names that were renamed. */
export const droppedNames: Record<string, string> = {
  AcceptedAt: 'AcceptanceTime',
  AcceptedBatch: 'AcceptedRequest',
  AlertSeen: 'AlertResult',
  AnswerKind: 'ResponseKey',
  AnswerLabels: 'ResponseKind',
  AnswerMaker: 'ResponseSource',
  BadBody: 'InvalidBody',
  ExchangeScope: 'ExchangeContext',
  ExportLine: 'SignalExporter',
  ForeignProviders: 'CustomProviders',
  FoundLine: 'LogMatch',
  HotMeter: 'SynchronousMeter',
  LastingHtml: 'MemoizedHtml',
  LineForm: 'LogLineTemplate',
  LineKind: 'LogRecordKind',
  MarkKind: 'AnnotationKind',
  OutboxLimits: 'ExportQueueLimits',
  PlainBody: 'UncompressedBody',
  PlayOptions: 'RunScenarioOptions',
  RecordForm: 'LogRecordTemplate',
  RunbookSeen: 'RunbookResult',
  SeenLog: 'ExportedLogRecord',
  SeenMetric: 'ExportedMetric',
  SeenPoint: 'ExportedDataPoint',
  SeenSpan: 'ExportedSpan',
  SpanForm: 'SpanTemplate',
  StockPlace: 'StockAccess',
  ToldAlert: 'AlertNotification',
  acceptsBaggage: 'acceptedBaggageKeys',
  addCostsOf: 'addServerTimingOf',
  answerLabels: 'responseAttributes',
  answerProblem: 'problemResponse',
  answeredMs: 'firstResultMs',
  asPage: 'renderHtml',
  cameFrom: 'refererPath',
  consoleLink: 'createConsoleForwarder',
  countAlike: 'countReuse',
  createHeard: 'createLastSeen',
  createLedger: 'createCheckoutHistory',
  createMeasures: 'createRollups',
  createNotables: 'createNotableRequests',
  createOutbox: 'createExportQueue',
  createShelf: 'createStockAdmin',
  createTurns: 'createConcurrencyLimit',
  currentCosts: 'currentTiming',
  emptyMark: 'emptyReasonPrefix',
  exclusively: 'runExclusively',
  factsOf: 'summaryOf',
  faultOf: 'toFault',
  faultsFor: 'openTestFaults',
  foundAfterwards: 'evidenceAfterRevert',
  freshDatabase: 'openTestDatabase',
  holdOpen: 'lockOpenCart',
  isBeyondHope: 'shouldAbort',
  isDatabaseAway: 'isDatabaseUnavailable',
  isPopular: 'isMemoized',
  keptAnswers: 'createResponseCache',
  knownForm: 'cachedSpanTemplate',
  lastsS: 'minDurationS',
  lineForm: 'lineTemplate',
  lineKind: 'logRecordKind',
  logNotable: 'logNotableRequest',
  lookFor: 'collectEvidence',
  looksBetween: 'ticksBetween',
  maxUnderWayBytes: 'maxInFlightBytes',
  maybeMistake: 'maybeSendMistake',
  mostJourneys: 'maxJourneys',
  mostPieces: 'maxQuantity',
  openWorld: 'openScenarioContext',
  persistently: 'withoutRetryOrBreaker',
  portHolder: 'findPortHolder',
  readingsOf: 'runbookChecksOf',
  refuseTakenPorts: 'assertPortsFree',
  rememberCart: 'storeCartCount',
  rememberedOf: 'memoizeByObject',
  stockUp: 'ensureStock',
  stopClock: 'useFakeClock',
  storedLines: 'fetchStoredLogs',
  takeOne: 'addAnyProductToCart',
  toldAlerts: 'fetchNotifications',
  toldMs: 'notifiedMs',
  untilCalm: 'waitForPreconditions',
  untilSent: 'observeBodyEnd',
  usualFaultFile: 'defaultFaultFile',
  watchAnswer: 'trackResponseSource',
  whenNoneMay: 'lostUnexpectedly',
  whoIs: 'findUserByToken',
}

/**
 * Words and phrases, in identifiers and in prose. A word matches each part of a name: `answer` also `firstAnswer`.
 */
export const droppedWords: Record<string, string> = {
  alike: 'equal; of requests: with the same rejection',
  anew: 'again',
  answer: 'response; of a function: result',
  answered: 'responded; of a query: returned',
  answering: 'responding',
  answers: 'responses, results',
  anybody: 'a client, caller, process or operator',
  beside: 'next to, with, in addition to',
  books: 'audit; of a database: orders, stock',
  calm: 'ready, idle: name the precondition',
  catalogue: 'catalog',
  heard: 'received, last seen',
  lacking: 'missing, without',
  least: 'min',
  ledger: 'checkout history',
  nobody: 'no client, no caller, no process, no operator',
  outbox: 'export queue',
  patience: 'a deadline or timeout',
  remembered: 'cached, stored',
  said: 'output, message, logged',
  shelf: 'stock',
  somebody: 'a client, caller, process or operator',
  tally: 'count',
  tells: 'reports, shows',
  told: 'notified, reported',
  untold: 'suppressed',
  usual: 'default, normal',
  usually: 'normally, by default',
  whoever: 'the client, caller or operator that',
  whom: 'the client, caller or receiver',
  'for want of': 'without',
  'put back': 'restart; of a scenario: revert',
  'shall be': 'must be',
  'turned away': 'rejected, shed',
}

/** Uses that stay. Each match is removed from a line before words are looked for. */
export const allowedUses: RegExp[] = [
  /\bat least\b/gi,
  /said "no"/g,
  /Le catalogue est/g,
  /since both usually identify/g,
]

const use = (words: Record<string, string>, word: string) => (Object.hasOwn(words, word) ? words[word] : undefined)

/** The dropped names and words in a file, each as `path:line: "word": write …`. */
export function findDroppedWords(path: string, text: string): string[] {
  return [path, ...text.split('\n')].flatMap((line, number) => {
    const names = line.match(/[A-Za-z_$][\w$]*/g) ?? []
    const words = findWords(allowedUses.reduce((rest, allowed) => rest.replace(allowed, ''), line))
    return [...names.flatMap((name) => describe(name, use(droppedNames, name))), ...words].map(
      (one) => `${path}:${number}: ${one}`,
    )
  })
}

function findWords(line: string): string[] {
  const parts = line.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []
  const words = parts.map((part) => part.toLowerCase())
  const phrases = Object.keys(droppedWords).filter((word) => word.includes(' ') && line.toLowerCase().includes(word))
  return [...words, ...phrases].flatMap((word) => describe(word, use(droppedWords, word)))
}

const describe = (word: string, instead: string | undefined) => (instead ? [`"${word}": write ${instead}`] : [])
