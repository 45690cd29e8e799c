"""toli sms-server"""

from __future__ import annotations

import argparse
import signal

EXAMPLE = "toli sms-server --port 8002   # then open http://127.0.0.1:8002/inbox"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8002, help="default: 8002")
    parser.add_argument("--hook", default="", help="where SMS that people send to us are posted")
    parser.add_argument("--token", default="", help="ask for this bearer token")


def shared_secret() -> str:
    """The key of receipts of the deployment whose TOLI_HOME this is; none where there is no keyring."""
    from toli.delivery.hook_secrets import local_receipt_secret
    from toli.kit.secrets import SecretsError

    try:
        return local_receipt_secret()
    except SecretsError:
        return ""


def run(options: argparse.Namespace) -> int:
    from toli.delivery.providers.every_local_server import every_platform
    from toli.delivery.providers.sms.local_server import SmsServer

    try:
        secret = options.token or shared_secret()
        server = SmsServer(
            options.port, *every_platform(), token=options.token, receipt_secret=secret, hook=options.hook
        )
    except OSError as error:
        print(f"Port {options.port} cannot be used: {error.strerror}. Choose another with --port.")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    print(f"Demo SMS inbox: {server.url}inbox", flush=True)
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.end()
    return 0
