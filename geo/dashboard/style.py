"""What the dashboard's own style adds to Streamlit's: the cards of the list, the frame, tighter margins."""

from __future__ import annotations

from typing import Final

STYLE: Final = """<style>
.stMainBlockContainer { padding: .9rem 1.75rem 1rem; max-width: 1640px; }
.stMain [data-testid="stVerticalBlock"] { gap: .75rem; }
.stMain h2 { font-size: 1.4rem; padding: .25rem 0; }
.stAppHeader { background: none; height: 3rem; min-height: 0; pointer-events: none; }
.stAppHeader button { pointer-events: auto; }
[data-testid="stSidebar"][aria-expanded="false"] ~ * .stMainBlockContainer { padding-left: 3.75rem; }
@media (max-width: 767px) {
  .stMainBlockContainer, [data-testid="stSidebar"][aria-expanded="false"] ~ * .stMainBlockContainer {
    padding: 3rem .6rem 1rem; }
}
[data-testid="stElementContainer"]:has(> .stHtml) { display: none; }

[data-testid="stSidebar"] { width: 264px !important; min-width: 0; }
[data-testid="stSidebarHeader"] { height: 1.1rem; margin: 0; padding: .5rem .75rem 0; }
[data-testid="stSidebarContent"] { padding: 0; }
[data-testid="stSidebarUserContent"] { padding: 0 1.1rem 1rem; }
[data-testid="stHeading"] > div { margin: 0; }
[data-testid="stSidebarUserContent"] > div > [data-testid="stVerticalBlock"] {
  gap: .5rem; min-height: calc(100vh - 3rem); }
[data-testid="stSidebar"] h1 { font-size: 1.4rem; padding: 0; }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] {
  margin: 0; opacity: 1; color: light-dark(#565d68, #bcc7d0); }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] p { margin: 0; font-size: .82rem; line-height: 1.45; }
[data-testid="stSidebar"] p { font-size: .87rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-promise) { margin-top: auto; }

[class*="st-key-case-"] button { justify-content: flex-start; text-align: start; padding: .5rem .65rem; min-height: 0;
  border: 1px solid transparent; }
[class*="st-key-case-"] button > div { justify-content: flex-start; width: 100%; }
[class*="st-key-case-"] button p { font-size: .82rem; line-height: 1.4; }
[class*="st-key-case-"] button strong { font-size: .93rem; }
[class*="st-key-case-on-"] button {
  background: light-dark(#ffffff, #11171d); border-color: light-dark(#d3dae0, #35404a);
  box-shadow: inset 3px 0 0 light-dark(#0b4f86, #5ba8e6); }

.st-key-frame { border: 1px solid light-dark(#d3dae0, #35404a); border-radius: 8px; overflow: clip; min-height: 640px;
  container: frame / inline-size; }
@container frame (min-width: 1040px) { .st-key-frame > * { --fc-height: clamp(640px, calc(100vh - 140px), 1000px); } }
.st-key-below pre { padding: .55rem .75rem; margin: 0; }
.st-key-below p { font-size: .87rem; white-space: nowrap; }
</style>"""
