#!/usr/bin/python3
"""Hands one mail in by AMQP 1.0 and prints the answer (Debian: python3-qpid-proton).

usage: submit.py HOST:PORT USER SENDER RECIPIENTS < mail
The password stands in the variable CARAVAN_PASSWORD.
"""
import json
import os
import sys

from proton import Message
from proton.utils import BlockingConnection

where, user, sender, recipients = sys.argv[1:5]
connection = BlockingConnection("amqp://" + where, user=user, password=os.environ["CARAVAN_PASSWORD"],
                                allowed_mechs="PLAIN", timeout=30)
answers = connection.create_receiver(None, dynamic=True)
letters = connection.create_sender("caravan.submit")
letters.send(Message(body=sys.stdin.buffer.read(), durable=True, inferred=True,
                     reply_to=answers.link.remote_source.address, id="1",
                     properties={"sender": sender, "recipients": recipients, "job": "example"}))
answer = json.loads(answers.receive(timeout=30).body)
answers.accept()
connection.close()
print(answer["reply"])
for rejected in answer["rejected"]:
    print(rejected["recipient"], rejected["reply"])
sys.exit(0 if answer["accepted"] else 1)
