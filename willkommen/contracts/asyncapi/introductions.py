"""The first words of each document, for whoever is about to connect to the system."""

ENVELOPE = """\
Every message is a CloudEvent 1.0. In *binary mode* the JSON body is the data and the attributes are
AMQP headers with the prefix `ce-`; the property `message_id` repeats `ce-id`. A reader ignores
fields that it does not know. A published version never changes: what changes gets a new version
with a type of its own, and the old one stays readable.
"""

PARTNERS = """\
For counselling centres, associations, city departments and the hospital, who send households to
*Willkommen in Ludwigsburg* and hear what becomes of them.

**How it goes.** Connect with the user name and the password that the integration office gave you.
Publish a referral to the exchange `intake`: persistent, with publisher confirms, and with `user_id`
set to your user name. A confirmed message is not lost. Then read your own queue of replies: first
`received`, then `accepted` or `declined` with the reason, later `matched` and `closed`.

**Send again as often as you like.** Your own `reference` makes a referral unique: the same
household sent twice is taken in once. What was not confirmed is sent again with the same id.

**What is wrong is answered.** A message that cannot be understood is not taken in; the reply
`message.refused` names each error. Correct it and send it under a new id. Unknown fields are
ignored, unless they look like a misspelt known one: then the message is refused, so that nothing is
left out by mistake.

**Limits.** 256 KiB a message; your own routing keys and your own queue.

Instead of binary mode, *structured mode* is understood too: the whole CloudEvent as JSON, with the
content type `application/cloudevents+json`. `willkommen contracts check FILE` checks a message in
either mode before you send it, and `contracts/partner_example.py` is a client to start from.
"""

DESK = """\
For the pages and programs of the integration office's staff: decisions go out as commands, and
every fact that follows comes in over the stream `events.history`, from its first event or from any
later one. A command has no reply: what came of it is a fact with the command's id as
`ce-causationid`.
"""

SERVICE = """\
A service takes everything from its one queue and acknowledges a message when its effect and the
facts that follow from it are committed together.
"""

INTRODUCTIONS = {
    "partners": PARTNERS,
    "desk": DESK,
    "matching": (
        "Takes in households and hospital recruits, knows the sponsors, proposes the best pairs and"
        f" accompanies sponsorships.\n\n{SERVICE}"
    ),
    "network": (
        "Keeps the register of the network's actors, its trainings and meetings, and the plan and"
        f" the costs of both programmes.\n\n{SERVICE}"
    ),
    "notifications": (
        "Writes to people in their own language when another service asks for it, and tells what"
        f" became of each mail.\n\n{SERVICE}"
    ),
}
