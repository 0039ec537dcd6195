"""An SMTP server that behaves as it is told: smtp_server.py PORT

It says `listening`; each line on standard input is answered with one:

  healthy               takes mail
  reply WHERE TEXT      answers TEXT to one of CONNECT, MAIL, RCPT, MESSAGE
  drop WHERE            closes the connection there
  hang WHERE            says nothing there
  connections           how many there were
  mails                 how many it took
  last                  the last one as JSON: from, to, subject, text, headers

It ends with its standard input.
"""
import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.smtp import SMTP

how = {"what": "healthy", "where": "", "text": ""}
mails = []
connections = 0


async def behave(where, server, default):
    """What is answered there; None closes the connection."""
    if how["where"] != where:
        return default
    if how["what"] == "hang":
        await asyncio.sleep(3600)
    if how["what"] == "drop":
        server.transport.abort()
        return default
    return how["text"]


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await behave("MAIL", server, "250 OK")
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await behave("RCPT", server, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = await behave("MESSAGE", server, "250 OK")
        if answer.startswith("250"):
            mails.append(envelope)
        return answer


class Server(SMTP):
    def connection_made(self, transport):
        global connections
        connections += 1
        super().connection_made(transport)

    async def push(self, status):
        if isinstance(status, str) and status.startswith("220 "):
            status = await behave("CONNECT", self, status)
            if not status.startswith("220"):
                await super().push(status)
                self.transport.close()
                return
        await super().push(status)


def last():
    if not mails:
        return {}
    sent = mails[-1]
    mail = email.message_from_bytes(sent.content, policy=email.policy.default)
    return {"from": sent.mail_from, "to": sent.rcpt_tos, "subject": mail["Subject"],
            "text": mail.get_content().replace("\r\n", "\n"), "headers": sorted(mail.keys()),
            "raw": sent.content.decode("ascii")}


def obey(line):
    command, _, rest = line.partition(" ")
    if command == "connections":
        return str(connections)
    if command == "mails":
        return str(len(mails))
    if command == "last":
        return json.dumps(last())
    if command not in ("healthy", "reply", "drop", "hang"):
        return "error: unknown: " + line
    where, _, text = rest.partition(" ")
    how.update(what=command, where=where, text=text)
    return "done"


async def main(port):
    loop = asyncio.get_running_loop()
    # `reuse_address` is the default: a test holds the port with its own socket.
    await loop.create_server(lambda: Server(Handler(), hostname="localhost", loop=loop),
                             "127.0.0.1", port)
    print("listening", flush=True)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        print(obey(line.decode().rstrip("\n")), flush=True)


asyncio.run(main(int(sys.argv[1])))
