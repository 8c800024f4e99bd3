"""What every HTTP surface shares: problem documents, strict JSON, paging, entity tags, idempotency, the view class."""
