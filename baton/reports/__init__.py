"""Reports as people read them: the page, the spreadsheet and the letter of what `core.queries.report` found."""
