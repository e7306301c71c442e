/** Colors have a contrast of 4.5:1 in both schemes. */
export const style = `
:root { color-scheme: light dark; --back: #f4f8fb; --surface: #fff; --ink: #10243c; --soft: #4d6380; --line: #d7e3ed;
  --link: #0a56a4; --good: #0b6b3f; --bad: #b3182d; --curve: #2476c9 }
@media (prefers-color-scheme: dark) { :root { --back: #0a1420; --surface: #101f30; --ink: #e6f0fa; --soft: #a9bdd3;
  --line: #26394f; --link: #7ccbff; --good: #7fe3b0; --bad: #ff9ea8; --curve: #5aa9f5 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
h1 { margin: 0; font-size: clamp(1.4rem, 5vw, 2rem); line-height: 1.2 }
h2 { margin: 2rem 0 .75rem; font-size: 1.2rem }
.kicker, .soft { color: var(--soft); font-size: .875rem }
.kicker { margin: 0 0 .25rem; overflow-wrap: anywhere }
.verdict { font-weight: 600; margin: .5rem 0 1.5rem }
.good { color: var(--good) }
.bad, .bad th { color: var(--bad) }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: .75rem; margin: 0 }
.facts div, .scroll, .failed > li, svg { background: var(--surface); border: 1px solid var(--line); border-radius: .6rem }
.facts div, .failed > li { padding: .6rem .9rem }
dt { color: var(--soft); font-size: .8125rem }
dd { margin: 0; overflow-wrap: anywhere }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .4rem .75rem; text-align: right; white-space: nowrap }
th:first-child { text-align: left }
thead th { color: var(--soft); font-size: .8125rem; font-weight: 600 }
tbody th { font-weight: 500 }
tbody tr { border-top: 1px solid var(--line) }
.failed { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem }
.traces { margin: .4rem 0 0; overflow-wrap: anywhere }
.traces ul { margin: 0; padding-left: 1.1rem }
code { font: .875rem ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
a { color: var(--link) }
details { margin-top: 2rem }
summary { cursor: pointer }
svg { display: block; width: 100%; max-width: 38rem; height: auto; margin-bottom: 1rem }
.axis { stroke: var(--line) }
.limit { stroke: var(--bad); stroke-dasharray: 6 5 }
.curve { fill: none; stroke: var(--curve); stroke-width: 2.5 }
.point { fill: var(--curve) }
.point.bad { fill: var(--bad) }
.label { fill: var(--soft); font-size: 13px }
.end { text-anchor: end }
.middle { text-anchor: middle }
`
