"""Serves a provider with a shorter schema until the input ends.

`python -m provider` reads one line, the value of `TF_REATTACH_PROVIDERS` that the provider printed,
and writes one line, the value to give to Terraform.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

from provider.schema import cut

# The schema is longer than gRPC's default limit of 4 MB.
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]

# As many calls as Terraform makes at a time, which is 10 by default, and some more.
THREADS = 16


class Relay(grpc.GenericRpcHandler):
    """Passes calls on."""

    def __init__(self, channel):
        self.channel = channel
        self.schema = None

    def service(self, details):
        # The streams of go-plugin are optional; Terraform does without.
        if not details.method.startswith("/tfplugin5.Provider/"):
            return None
        ask = self.channel.unary_unary(details.method)
        if details.method.endswith("/GetSchema"):
            return grpc.unary_unary_rpc_method_handler(
                lambda request, context: self.short_schema(ask, request)
            )
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: passed_on(ask, request, context)
        )

    def short_schema(self, ask, request):
        # The schema is the same each time.
        if self.schema is None:
            self.schema = cut(ask(request))
        return self.schema


def passed_on(ask, request, context):
    try:
        return ask(request)
    except grpc.RpcError as error:
        return context.abort(error.code(), error.details())


def main():
    ((name, provider),) = json.loads(sys.stdin.readline()).items()
    channel = grpc.insecure_channel(f"unix:{provider['Addr']['String']}", OPTIONS)
    server = grpc.server(ThreadPoolExecutor(THREADS), [Relay(channel)], options=OPTIONS)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    provider["Addr"] = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
    print(json.dumps({name: provider}), flush=True)
    sys.stdin.read()
    server.stop(None).wait()


main()
