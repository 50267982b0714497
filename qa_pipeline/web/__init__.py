"""The review page: hear the evidence, decide, next. Server-rendered; nothing is fetched elsewhere.

Every route stands in `routes.ROUTES` with who may use it and whose call it is about; nothing is
reached another way.
"""
