/** Names and values of labels. */
export type Labels = Record<string, string>

/** Labels without a prototype: `constructor` and `__proto__` are names like any other. */
export const noLabels = (): Labels => Object.create(null)

/** The labels with one of the names, without empty ones. */
export function pickLabels(labels: Labels, names: string[]): Labels {
  const picked = noLabels()
  for (const name of names) if (labels[name]) picked[name] = labels[name]
  return picked
}

/** A text that is the same for two sets of labels only when they are equal. */
export const keyOf = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

// Set by the pipeline.
const reserved = new Set(['__error__', '__error_details__'])

/** The name of an extracted label: with the suffix `_extracted` when the name is in use, or reserved for errors. */
export const addedName = (name: string, isTaken: boolean): string =>
  isTaken || reserved.has(name) ? `${name}_extracted` : name

/** Converts a name to a label name: `_` replaces each character that a label name can't have. */
export function labelNameOf(name: string): string {
  const clean = name.replace(/[^a-zA-Z0-9_]/g, '_')
  return /^\d/.test(clean) ? `_${clean}` : clean
}
