/** How the page looks: the same hierarchy light and dark, each colour readable on what is behind it. */
export const STYLE = `
:root { --back: #fff; --text: #1f2328; --quiet: #59636e; --line: #818b98; --rule: #d1d9e0; --box: #f6f8fa;
  --create: #1a7f37; --delete: #c11c28; --update: #855600; --replace: #7a45d1; --same: #59636e; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --text: #e6edf3; --quiet: #9198a1; --line: #768390; --rule: #30363d; --box: #161b22;
    --create: #3fb950; --delete: #ff7b72; --update: #d29922; --replace: #b388ff; --same: #9198a1; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 4rem; background: var(--back); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.7rem; line-height: 1.25; letter-spacing: -0.01em; }
h1 code { background: none; padding: 0; font-size: 0.95em; }
h2 { margin: 2.2rem 0 0.6rem; font-size: 1.1rem; line-height: 1.3; }
h2 small { margin-left: 0.3em; color: var(--quiet); font-size: 0.8rem; font-weight: normal; }
header { border-bottom: 1px solid var(--rule); padding-bottom: 1.25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.45rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { display: flex; flex-wrap: wrap; gap: 0.35rem; margin: 0; }
.create { --own: var(--create); } .delete { --own: var(--delete); } .update { --own: var(--update); }
.replace { --own: var(--replace); } .same { --own: var(--same); }
.count { border: 1px solid var(--own); border-radius: 1rem; padding: 0 0.6rem; color: var(--own);
  font-size: 0.85rem; font-weight: 600; }
ul { list-style: none; margin: 0; padding: 0; border: 1px solid var(--rule); border-radius: 8px; overflow: hidden; }
li { display: grid; grid-template-columns: 1.5rem minmax(10rem, 17rem) 1fr; gap: 0 0.75rem; padding: 0.5rem 0.75rem;
  box-shadow: inset 3px 0 var(--own); }
li + li { border-top: 1px solid var(--rule); }
li b { font-weight: 600; }
i { display: inline-block; width: 1.5rem; height: 1.5rem; border-radius: 5px; background: var(--box); color: var(--own);
  font: bold 1rem/1.5rem ui-monospace, monospace; text-align: center; }
code { border-radius: 4px; background: var(--box); padding: 0.1em 0.35em;
  font: 0.87em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
summary { cursor: pointer; }
summary h2 { display: inline; }
details { margin-top: 2.2rem; }
details ul { margin-top: 0.6rem; }
.legend { margin: 0 0 0.6rem; color: var(--quiet); font-size: 0.85rem; }
.legend span { margin-right: 1rem; white-space: nowrap; }
.diagram { overflow-x: auto; border: 1px solid var(--rule); border-radius: 8px; padding: 1rem; }
.diagram:focus-visible, summary:focus-visible { outline: 2px solid var(--create); outline-offset: 2px; }
svg { display: block; width: 100%; min-width: 46rem; height: auto; font-size: 13px; }
svg text { fill: var(--text); } svg .title { fill: var(--quiet); font-weight: 600; }
svg path { fill: none; stroke: var(--line); stroke-width: 1.25; }
svg rect { fill: var(--box); stroke: var(--line); }
svg path:not(.same) { stroke: var(--own); stroke-width: 2.25; }
svg g:not(.same) rect { stroke: var(--own); stroke-width: 2; }
svg path.delete, svg .delete rect { stroke-dasharray: 6 4; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 0.9rem 3rem; }
  li { grid-template-columns: 1.5rem 1fr; }
  li span { grid-column: 2; }
  dl { grid-template-columns: 1fr; gap: 0.2rem; }
}
@media print { .diagram { border: 0; padding: 0; } svg { min-width: 0; } }
`;
