"""The wizard without widgets: draft, flow, connection test.

`draft` holds the answers, `flow` decides which step may follow, `connection_test` and
`assignment_table` ask the two services, `mapping_review` and `preview` show the consequence,
`services` joins them for whoever draws the pages. Nothing here knows Qt.
"""
