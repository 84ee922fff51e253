"""The office's plan and costs, as the council paper states them."""

from data.making.writing import Row

_MINISTRY = "Ministerium für Soziales und Integration Baden-Württemberg"


def plan_rows() -> list[Row]:
    planned = (
        ("2015-04-01T09:10:00+02:00", "sponsors", "15", "15"),
        ("2015-04-01T09:15:00+02:00", "newcomers", "30", "40"),
    )
    return [
        {
            "at": at,
            "staff_id": "staff-01",
            "programme": "willkommen",
            "measure": measure,
            "low": low,
            "high": high,
            "source": "Vorlage 167/15",
        }
        for at, measure, low, high in planned
    ]


def cost_rows() -> list[Row]:
    return [
        _cost("09:30", "k-2015-2018", "", "2015-04-01/2018-03-31", "200400", "0.60", _MINISTRY),
        _cost("09:36", "k-2018-will", "willkommen", "2018-04-01/2018-12-31", "4000", "0", ""),
        _cost("09:40", "k-2018-lafi", "network", "2018-04-01/2018-12-31", "4000", "0", ""),
    ]


def _cost(
    time: str, reference: str, programme: str, period: str, amount: str, share: str, payer: str
) -> Row:
    from_on, to_on = period.split("/")
    return {
        "at": f"2018-03-27T{time}:00+02:00",
        "staff_id": "staff-01",
        "reference": reference,
        "programme": programme,
        "from_on": from_on,
        "to_on": to_on,
        "amount_eur": amount,
        "funded_share": share,
        "funder": payer,
    }
