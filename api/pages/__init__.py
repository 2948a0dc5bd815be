"""The pages: what people see in a browser, rendered here out of the services of the API.

A page reads and changes through the same services, repositories and sessions as the routes of
the API do; a form is a POST with a token that answers with a redirect. Nothing is loaded from
elsewhere and no script stands in a page.
"""
