"""Pictures as files: GIF, MP4, PNG, and a page that works by itself."""
