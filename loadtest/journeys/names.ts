/** The journeys that can be asked for. The command reads it. */
export const journeyNames: readonly string[] = ['mixed', 'visitor', 'buyer', 'order', 'returning', 'account', 'home']
