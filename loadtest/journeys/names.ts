/** The journeys that can be asked for. Imports nothing of k6: the command reads it too. */
export const journeyNames: readonly string[] = ['mixed', 'visitor', 'buyer', 'order', 'returning', 'account', 'home']
