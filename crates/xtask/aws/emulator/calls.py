"""Which operations are called, and which are not allowed."""

import json


class Calls:
    """A WSGI application that passes the requests on to another, notes what they are, and denies some.

    Only operations of services with a JSON protocol are noted, such as those of ECR.
    """

    def __init__(self, application):
        self._application = application
        self.reset()

    def reset(self):
        self.made = set()
        self.denied = frozenset()

    def __call__(self, environ, start_response):
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")
        if operation:
            self.made.add((service, operation))
        if operation in self.denied:
            # The status and the fields of an error of ECR.
            message = (
                "User: arn:aws:iam::111122223333:user/reader is not authorized to perform: "
                f"ecr:{operation} because no identity-based policy allows the ecr:{operation} action"
            )
            body = {"__type": "AccessDeniedException", "Message": message}
            start_response("400 Bad Request", [("Content-Type", "application/x-amz-json-1.1")])
            return [json.dumps(body).encode()]
        return self._application(environ, start_response)
