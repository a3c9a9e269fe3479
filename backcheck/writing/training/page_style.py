"""How a report on a page looks, on light and dark screens and on paper; the colours of its curves are elsewhere."""

STYLE = """:root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --rule: #d1d9e0; --box: #f6f8fa }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --rule: #3d444d; --box: #161b22 }
}
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  max-width: 78rem; margin: 0 auto; padding: 1rem 1.25rem 3rem }
h1 { font-size: 1.6rem; line-height: 1.25 }
h2 { font-size: 1.25rem; margin-top: 2.2rem }
.facts { color: var(--faint); padding-left: 1.2rem }
.note { color: var(--faint); font-size: .85rem; margin: .2rem 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid var(--rule); padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top }
th { color: var(--faint); font-weight: 600 }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem }
figure { margin: 0; background: var(--box); border: 1px solid var(--rule); border-radius: 8px; padding: .7rem .9rem;
  break-inside: avoid }
figcaption { font-weight: 600 }
figure ul { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .3rem 0 0; padding: 0; font-size: .85rem }
.chart { width: 100%; height: auto; display: block }
.key { width: 28px; height: 8px; margin-right: .4rem; vertical-align: middle }
.chart text { fill: var(--faint); font: 12px system-ui, "DejaVu Sans", sans-serif }
.grid { stroke: var(--rule); stroke-width: 1; fill: none }
.axis { stroke: var(--faint); stroke-width: 1; fill: none }
.line { fill: none; stroke-width: 2; stroke-linejoin: round }
circle { stroke-width: 2; fill: none }
.proven { list-style: none; padding-left: 0 }
.finding { border-left: 4px solid var(--rule); padding: .1rem 0 .1rem 1rem; margin: 1rem 0 }
.finding p, .finding ol, .finding ul { margin: .3rem 0 }
.verdict { font-size: .8rem; font-weight: 600; color: var(--faint) }
details { margin: 1rem 0 }
summary { cursor: pointer; font-weight: 600; font-size: 1.05rem }"""
