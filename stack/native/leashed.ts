const setpriv = Bun.which('setpriv')

/** A command that ends when its launcher dies, however it does; where util-linux is lacking, only when it is told. */
export const endWithLauncher = (command: string[]): string[] =>
  setpriv ? [setpriv, '--pdeathsig', 'TERM', ...command] : command
