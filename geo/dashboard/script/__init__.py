"""Scripts that Streamlit runs; this folder, and nothing else of ours, is on its path for modules."""
