"""Text, not code: vocabulary, cues and wordings. Editing a file here changes behaviour with no code touched."""
