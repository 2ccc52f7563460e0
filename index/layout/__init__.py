"""What a page shows to blocks: glyphs and ruling lines to grids of cells and paragraphs. Readers of pages use it."""
