"""The households that partners refer, written by hand; the rest is drawn around it.

Columns: day, partner, countries, contact person, gender, adults, ages of the children, languages,
situation (`r` refugee history, `s` shared accommodation, `w` social worker; else none of it),
wish (`F` a woman as sponsor), and what goes wrong before a match succeeds (`S` the sponsor
declines, `H` the household declines, `R` staff reject).
"""

REACHED = """
2015-05-28|circolo-primavera |IT   |Rosalba Ventrese   |f|2|7 4      |it:native en:A2      |   | |
2015-06-03|ankerplatz        |RO   |Doru Sălcianu      |m|2|9 6 2    |ro:native it:B1      |   | |
2015-06-11|migrationszentrum |GR   |Lefteris Kalamouris|m|1|         |el:native en:B1      |   | |
2015-06-23|donau-adria       |HR   |Vesna Brkarić      |f|2|11       |hr:native de:A2      |   | |
2015-07-09|stadtverwaltung   |BG   |Rumen Delkov       |m|2|8 5 3    |bg:native ru:B1 de:A2|   | |
2015-08-18|lebenslinien      |PL   |Halina Wrzesik     |f|1|8        |pl:native de:A2      |   |F|
2015-09-15|zeytin            |TR   |Nesrin Dağlarcan   |f|2|10 6     |tr:native de:A1      |   | |
2015-10-06|migrationszentrum |SY   |Bassel Qadrani     |m|2|12 9 4   |ar:native en:A2      |rw | |
2015-10-21|circolo-primavera |IT   |Ciro Mandaluce     |m|1|         |it:native            |   | |
2015-11-12|kifa-plus         |XK   |Arbnora Gjelani    |f|2|3 1      |sq:native de:A2      |   | |S
2016-01-19|donau-adria       |HR   |Zlatko Perišin     |m|1|         |hr:native sr:C1 de:B1|   | |
2016-02-02|ankerplatz        |GR   |Aspasia Voriadou   |f|2|13 10    |el:native en:A2      |   | |
2016-02-24|wohnungslosenhilfe|RO   |Ilinca Brătosin    |f|1|5        |ro:native de:A2      |s  | |
2016-03-10|wegweiser         |IT BR|Gianni Tarriconzi  |m|2|2        |it:native pt:B2 en:B1|   | |H
2016-04-05|zeytin            |IQ   |Hanaa Rashwani     |f|2|14 11 7 3|ar:native en:A2      |r  |F|
2016-04-27|stadtverwaltung   |PL   |Kazimierz Obrecki  |m|2|         |pl:native de:A2      |   | |
2016-05-18|lebenslinien      |HU   |Emese Tarnóczky    |f|1|4        |hu:native en:B1      |   | |
2016-06-14|migrationszentrum |ER   |Selam Habtegeorg   |f|1|2        |ti:native ar:B1 en:A2|r  |F|
2016-07-06|kifa-plus         |AL   |Dritan Kolgjini    |m|2|8 5      |sq:native it:B2 de:A2|   | |
2016-09-08|wohnungslosenhilfe|BG   |Desislava Karcheva |f|2|12       |bg:native en:A2      |s  | |R
2016-09-27|donau-adria       |BA   |Mirsad Halkić      |m|2|9 6      |bs:native hr:C1 de:A2|   | |
2016-10-18|circolo-primavera |IT   |Ornella Spadavecci |f|1|         |it:native en:B2      |   | |
2016-11-08|ankerplatz        |GR   |Thanos Meligas     |m|2|7 4 1    |el:native de:A2 en:A2|   | |
2016-12-06|welcome-circle    |CO   |Yurany Velascoa    |f|1|         |es:native en:B1      |   | |S
2017-01-17|wegweiser         |RS   |Jelica Stamenov    |f|2|10 8     |sr:native de:A2      |   | |
2017-02-07|zeytin            |SY   |Rima Tahhanoun     |f|2|6 3      |ar:native tr:B1 en:A2|r  | |H
2017-02-21|stadtverwaltung   |PT   |Valdemar Quintoso  |m|1|         |pt:native es:B1 en:A2|   | |
2017-03-14|migrationszentrum |UA   |Oksana Verbiyenko  |f|2|11 7     |uk:native ru:C1 en:A2|   | |
2017-04-04|lebenslinien      |RO   |Codrin Vasluianu   |m|2|13       |ro:native de:A2      |   | |
2017-04-26|kifa-plus         |MK   |Biljana Trpkoska   |f|2|9 5 2    |mk:native sr:B2 de:A2|   | |SH
2017-05-16|ankerplatz        |HU   |Gergő Szentkuti    |m|1|         |hu:native de:B1      |   | |
2017-06-13|donau-adria       |HR   |Nikolina Vukašovac |f|2|6        |hr:native en:B1      |   |F|
2017-07-04|zeytin            |TR   |Orhan Bilgiçer     |m|2|8 4      |tr:native de:A2      |   | |
2017-07-25|migrationszentrum |SY   |Nabil Sharkasani   |m|1|         |ar:native en:B1      |rw | |
2017-09-12|wegweiser         |GR AL|Kleoniki Barzouka  |f|2|10 8     |el:native sq:C1 de:A2|   | |H
2017-09-28|stadtverwaltung   |PL   |Danuta Grzymek     |f|1|         |pl:native de:B1 en:A2|   |F|
2017-10-17|wohnungslosenhilfe|RO   |Sorin Plopeanu     |m|2|         |ro:native es:B1 en:A2|s  | |
2017-11-14|welcome-circle    |BR   |Jussara Caldeiros  |f|1|5        |pt:native en:B2      |   | |S
2018-01-16|ankerplatz        |ES   |Amparo Riquelnes   |f|1|         |es:native en:A2      |   | |
"""

DECLINED = """
2015-11-24|stadtverwaltung   |AF   |Rahim Nuristanwal  |m|2|8 5      |fa:native en:A2      |rs | |
2016-01-28|migrationszentrum |SY   |Lubna Hamawieh     |f|1|7        |ar:native            |rsw| |
2016-10-25|ankerplatz        |NG   |Osaze Igbinovan    |m|1|         |en:native            |rsw| |
2017-08-22|migrationszentrum |IR   |Parisa Golestanfar |f|2|         |fa:native en:B1      |rs | |
"""

WITHDRAWN = """
2016-08-23|stadtverwaltung   |LV   |Sanita Kalvanēja   |f|1|6        |lv:native            |   | |
"""

REUSED = """
2017-05-09|migrationszentrum |MD   |Vasile Cojocarescu |m|2|6 2      |ro:native ru:C1      |   | |
"""
