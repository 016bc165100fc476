"""`/api/v1`: the pages' alerts, stories, rules and feeds for programs, as JSON.

What is read and done is what the pages read and do (`monitor.store.views`, `monitor.web.deeds`); here stand its form
(`shapes`: pydantic models), what may be asked (`resources`: a table of operations each), and the OpenAPI document that
is made of both (`document`).
"""
