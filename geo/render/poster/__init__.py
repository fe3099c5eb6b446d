"""The scene as a still picture, from Python alone: SVG, PNG and PDF."""
