/** Runbooks as Markdown, by the name of their file without `.md`. `README` is the page that lists them. */
export type Runbooks = ReadonlyMap<string, string>

/** Reads the Markdown files of a folder. @throws Error when there are none */
export async function readRunbooks(folder: string): Promise<Runbooks> {
  const files = await Array.fromAsync(new Bun.Glob('*.md').scan(folder)).catch((): string[] => [])
  if (files.length === 0) throw new Error(`VITRINE_CONSOLE_RUNBOOKS=${folder} has no Markdown files`)
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.slice(0, -'.md'.length), await Bun.file(`${folder}/${file}`).text()] as const),
    ),
  )
}
