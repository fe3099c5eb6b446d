"""The dashboard: Streamlit pages over a folder of cases.

``serve.serve`` starts it. The server is Streamlit's own, with a few addresses of ours beside it (``routes``), by which
the browser fetches what does not belong on the socket: modules, scenes and basemaps.
"""
