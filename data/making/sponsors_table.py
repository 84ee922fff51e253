"""The sponsors, written by hand; contact data, topics and slots are drawn around it.

Columns: applied on, name, gender, own migration experience, languages, capacity, wish (`F` a
household with a woman to speak to), remark (`no-mail`, `no-certificate`, `old-certificate`).
"""

SPONSORS = """
2015-04-14|Irmgard Hollerbusch |f|   |de:native en:B2            |2| |
2015-04-16|Giuliana Ferrazzoli |f|yes|it:native de:C1 en:B1      |2| |
2015-04-21|Achim Rebstöckle    |m|   |de:native en:C1 fr:B1      |1| |
2015-04-23|Sevgi Tamerkan      |f|yes|tr:native de:C2            |2| |
2015-04-28|Dorothea Lindwurm   |f|   |de:native en:B2 it:B1      |1| |no-mail
2015-04-30|Marinela Covrigan   |f|yes|ro:native de:C1 it:B2      |2| |
2015-05-05|Eberhard Zaunmüller |m|   |de:native en:B1 ru:B1      |1| |
2015-05-07|Stavroula Pantelaki |f|yes|el:native de:C1 en:B2      |2| |
2015-05-12|Tomislav Grgurinac  |m|yes|hr:native sr:C1 bs:C1 de:C1|2| |
2015-08-11|Yasmina Khoudari    |f|yes|ar:native de:C1 en:C1 fr:B2|3| |
2015-08-20|Gunhild Sattelmair  |f|   |de:native en:B2            |1| |
2015-08-27|Ferhat Özdemirel    |m|yes|tr:native de:native en:B1  |1| |
2015-09-01|Reinhold Apfelbach  |m|   |de:native en:B2 es:B2      |2| |
2015-09-08|Walburga Kienlechner|f|   |de:native                  |1|F|
2015-09-10|Elżbieta Nowocka    |f|yes|pl:native de:C1 ru:B1      |1| |
2016-01-12|Konstanze Moosgruber|f|   |de:native en:C1 tr:B1      |1| |
2016-01-20|Blerta Hoxhalli     |f|yes|sq:native de:C2 en:B2 it:B1|2| |
2016-01-26|Hartmut Silberzahn  |m|   |de:native en:B1            |1| |no-certificate
2016-02-02|Samir Belhadri      |m|yes|ar:native fr:C2 de:C1      |1| |
2016-02-09|Oda Fenchelberg     |f|   |de:native en:B2            |3| |old-certificate
2016-05-10|Ljubica Radenkov    |f|yes|sr:native hr:C1 mk:B2 de:C1|2| |
2016-05-19|Veit Kornhauser     |m|   |de:native en:C1 es:B1      |1| |
2016-05-31|Larissa Tschernik   |f|yes|ru:native uk:C1 de:C1      |2| |
2016-06-07|Mechthild Rosenstiel|f|   |de:native en:B2            |1|F|
2016-08-30|Pilar Castroviejas  |f|yes|es:native de:C1 en:B1 pt:B1|2| |
2016-09-06|Burkhard Tannhoff   |m|   |de:native it:B2 en:B2      |1| |
2016-09-13|Ionel Drăgușanu     |m|yes|ro:native de:C1 en:B2      |1| |
2016-09-22|Friederike Quellmalz|f|   |de:native en:B2 fr:C1      |2| |
2017-01-17|Nikos Tzavelis      |m|yes|el:native de:native en:B2  |1| |
2017-01-25|Shirin Afsharpour   |f|yes|fa:native de:C1 en:C1      |2| |
2017-02-07|Gernot Weißdorn     |m|   |de:native en:B2            |1| |no-certificate
2017-05-23|Annelore Grubenmann |f|   |de:native en:B2 fr:B1      |1| |
2017-06-08|Roswitha Kleehaupt  |f|   |de:native en:B1 pl:B1      |2| |no-mail
2017-09-26|Davide Colangeri    |m|yes|it:native de:C2 en:C1      |2| |
2017-10-10|Zsófia Benkovicsné  |f|yes|hu:native de:C1 en:B2      |1| |
"""

BASIC_TRAININGS = (
    "2015-05-22",
    "2015-09-25",
    "2016-02-26",
    "2016-06-24",
    "2016-10-14",
    "2017-03-03",
    "2017-07-07",
    "2017-11-10",
)
"""Each sponsor completes the first one after the application."""
