"""Pictures: forest plots and curves, as SVG that a page can colour and a screen reader can name."""
