"""What the dashboard's own style adds to Streamlit's: the cards of the list, the frame, tighter margins."""

from __future__ import annotations

from typing import Final

STYLE: Final = """<style>
.stApp { --fc-rule: light-dark(#d3dae0, #35404a); --fc-field: light-dark(#ffffff, #11171d);
  --fc-ink: light-dark(#16202a, #eef2f5); --fc-muted: light-dark(#565d68, #bcc7d0);
  --fc-primary: light-dark(#0b4f86, #5ba8e6); }
.stMainBlockContainer { padding: .9rem 1.75rem 1rem; max-width: 1640px; }
.stMain [data-testid="stVerticalBlock"] { gap: .75rem; }
.stMain h2 { font-size: 1.4rem; padding: .25rem 0; }
.stAppHeader { background: none; height: 3rem; min-height: 0; pointer-events: none; }
.stAppHeader button { pointer-events: auto; }
[data-testid="stElementContainer"]:has(> .stHtml) { display: none; }
[data-testid="stStatusWidget"]:has([data-testid="stStatusWidgetRunningIcon"]) { display: none; }
[data-stale="true"] { opacity: 1 !important; }

.stApp :is(button, a, summary):focus-visible {
  outline: 2px solid var(--fc-ink) !important; outline-offset: 3px; box-shadow: 0 0 0 3px #ffc53d !important; }
.stApp :is([data-testid="stTextInputRootElement"], .react-aria-ComboBox > div):has(input:focus-visible) {
  outline: 2px solid var(--fc-ink); outline-offset: 3px; box-shadow: 0 0 0 3px #ffc53d; }

[data-testid="stSidebar"] { width: 264px !important; min-width: 0; }
[data-testid="stSidebarHeader"] { height: 1.4rem; margin: 0; padding: .5rem .75rem 0; }
[data-testid="stSidebarContent"] { padding: 0; }
[data-testid="stSidebarUserContent"] { padding: 0 .5rem 1rem; }
[data-testid="stHeading"] > div { margin: 0; }
[data-testid="stSidebarUserContent"] > div > [data-testid="stVerticalBlock"] {
  gap: .5rem; min-height: calc(100vh - 3.2rem); }
[data-testid="stSidebar"] h1 { font-size: 1.4rem; padding: 0; margin-bottom: -.3rem; }
.stApp [data-testid="stCaptionContainer"] { opacity: 1; color: var(--fc-muted); }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] { margin: 0; }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] p { margin: 0; font-size: .82rem; line-height: 1.45; }
[data-testid="stSidebar"] p { font-size: .87rem; }
[data-testid="stSidebar"] .stTextInput { padding-top: .35rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-promise) { margin-top: auto; padding-top: 1rem; }

[class*="st-key-case-"] button { justify-content: flex-start; text-align: start; padding: .45rem .55rem; min-height: 0;
  border: 1px solid transparent; color: var(--fc-muted); }
[class*="st-key-case-"] button > div, [class*="st-key-case-"] button > div > span {
  justify-content: flex-start; width: 100%; }
[class*="st-key-case-"] button p { font-size: .78rem; line-height: 1.45; white-space: normal; }
[class*="st-key-case-"] button strong { font-size: .93rem; color: var(--fc-ink); overflow-wrap: anywhere; }
[class*="st-key-case-"] button:hover { border-color: var(--fc-rule); color: var(--fc-muted); }

:is(.st-key-top, .st-key-below) :is(.react-aria-ComboBox > div, pre, button) { background: var(--fc-field); }
:is(.st-key-top, .st-key-below) { gap: .75rem; }
.st-key-top .react-aria-ComboBox > div { border-color: var(--fc-rule); height: 36px; min-height: 0; }
.st-key-top .react-aria-ComboBox :is(input, button) {
  height: 34px; min-height: 0; background: none; font-size: .87rem; }

.st-key-pages { border-bottom: 1px solid var(--fc-rule); }
.st-key-pages [data-testid="stButtonGroup"] button { border: 0; border-radius: 0; background: none; font-size: .98rem;
  padding: .35rem .1rem .45rem; margin-inline-end: 1.5rem; min-height: 0; box-shadow: none; color: var(--fc-ink); }
.st-key-pages [data-testid="stButtonGroup"] button[aria-checked="true"],
.st-key-pages [data-testid="stButtonGroup"] label:has(input:checked) {
  color: var(--fc-primary); font-weight: 700; box-shadow: inset 0 -3px 0 var(--fc-primary); }
[class*="st-key-problem-"] p { color: light-dark(#8a4300, #f2b04c); font-size: .85rem; margin: 0; }

.st-key-frame { border: 1px solid var(--fc-rule); border-radius: 8px; overflow: clip; min-height: 640px;
  container: frame / inline-size; }
@container frame (min-width: 1040px) { .st-key-frame > * { --fc-height: clamp(640px, calc(100vh - 132px), 1000px); } }

[data-testid="stExpandSidebarButton"] { background: var(--fc-field); border: 1px solid var(--fc-rule); }
.st-key-below p { font-size: .87rem; white-space: nowrap; }
[data-testid="stLayoutWrapper"]:has(> .st-key-link) { flex: 1 1 0; min-width: 0; }
.st-key-link { flex-wrap: nowrap; }
.st-key-link [data-testid="stMarkdownContainer"] p { overflow: hidden; text-overflow: ellipsis; }
.st-key-link .stElementContainer:has(.stMarkdown) { flex: 0 1 auto; min-width: 6rem; }
.st-key-link .stElementContainer:has(.stCode) { flex: 1 1 12rem; min-width: 8rem; }
.st-key-link pre { padding: 0 2.6rem 0 .75rem; margin: 0; border: 1px solid var(--fc-rule); overflow: hidden; }
.st-key-link pre > div { overflow: hidden !important; }
.st-key-link code { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 34px; }
.st-key-link pre :is(code, code *) { font-size: .82rem !important;
  font-family: "Helvetica Neue", Arial, "Liberation Sans", system-ui, sans-serif !important; }
.st-key-link code * { color: var(--fc-muted); white-space: nowrap !important; }
.st-key-link .stCode > div:last-child { opacity: 1; visibility: visible; inset-block: 0; height: auto;
  display: flex; align-items: center; }
.st-key-link .stCode > div:last-child > div { position: static; }
.st-key-link .stCode > div:last-child * { box-shadow: none; background: none; }
.st-key-below :is(.stDownloadButton, [data-testid="stButtonGroup"]) button { min-height: 36px; height: 36px; }
.st-key-note { max-width: 46rem; }
.st-key-problems { border-left: 3px solid var(--fc-rule); padding-left: .9rem; }

@media (max-width: 767px) {
  .stMainBlockContainer { padding: .45rem .6rem 1rem; }
  .st-key-top { gap: .5rem; }
  .st-key-top > .stElementContainer:first-child { flex: 1 0 100%; padding-left: 2.6rem; }
  .st-key-top h2 { font-size: 1.2rem; }
  .st-key-top > .stElementContainer:not(:first-child) { flex: 1 1 0; width: auto !important; }
  .st-key-top .stSelectbox, .st-key-top .stSelectbox > * { width: 100% !important; }
  .st-key-frame { margin-inline: -.6rem; width: calc(100% + 1.2rem); max-width: none; border-inline: 0;
    border-radius: 0; }
  .st-key-below { flex-wrap: wrap; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-link) { flex: 1 0 100%; }
  .st-key-link { flex-wrap: wrap; gap: .4rem; }
  .st-key-link .stElementContainer:has(.stCode) { flex: 1 0 100%; }
}
@media (min-width: 768px) {
  [data-testid="stSidebar"][aria-expanded="false"] ~ * .stMainBlockContainer { padding-left: 3.75rem; }
}
</style>"""

#: The card of the case that is shown; the key of its button is put in for ``{key}``.
CHOSEN: Final = """<style>.st-key-{key} button {{ background: var(--fc-field); border-color: var(--fc-rule);
  box-shadow: inset 3px 0 0 var(--fc-primary); }}</style>"""
