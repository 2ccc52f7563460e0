"""Files to documents, facts and chunks in their stores. Never imports `assistant`."""

from index.offline import go_offline

go_offline()
