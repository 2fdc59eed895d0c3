"""Names a Swedish reader takes for a person's, and words that only look like one.

Used to ask a second time before a text is kept as de-identified; never to recognise anybody. All in lower
case. The lists are short on purpose: common first names in Sweden and among the languages of the service.
"""

from __future__ import annotations

from typing import Final

_FIRST_NAMES: Final = """
abdi abdirahman abdullah adam adan agnes agneta ahmad ahmed aisha albert albin alexander alexandra
alfred ali alice alicia alma alva amal amanda amelia amelie amina amir amira amy anders andreas andrii
anette angelica anita anja anna annika anton arvid asha astrid august axel ayaan ayan ayla aziz baran
barbro beatrice bella bengt benjamin berit bertil birgitta bo bogdan boris bosse britta camilla carina
carl carolina caroline casper cecilia charlie charlotte christer christian christina christoffer claes
clara cornelia dag dan daniel daniela danijel darin dariusz david dawit dennis dina dmytro ebba ebbe
edith edvin elham elias elin elina elisabeth elise ella ellen ellinor elsa elvira emelie emil emilia
emma erik erika ester eva fadi fadumo farah fatima fatma felicia felix filip filippa folke frank fredrik
freja frida gabriel gabriella georg gun gunilla gunnar gustaf gustav göran habiba hamza hana hanna hans
harry hassan hedda helena henrik henry hilda hilma hodan hugo hussein håkan ibrahim ida idil ifrah igor
ines inga ingela inger ingrid irina iris irma iryna isabella isabelle isak ismail ivan ivar jack jakob
jamal jan jana jasmin jasmine jenny jens jesper jessica joel johan johanna johannes john johnny jonas
jonathan josef josefin josefine judith julia julian juni jörgen kaj kalle karim karin karl karolina
katarina kateryna kenneth kent kerstin kevin khadija khalid kim kjell klara klas knut kristina
kristoffer kurt lana lars layla leah leena leif leila lena leo leon liam lilly lina linda linn linnea
linus lisa lisbeth liv livia lo loke lotta louise lova love lovis lovisa lucas ludvig lukas luna magnus mahad
mahmoud maj maja malin malte marcus margareta maria mariam marianne marie markus martin maryam mats
matteo mattias max maximilian maya mehmet melissa melker melvin merjem mia micael michael mikael mila
milo mina mio mira moa moha mohamed mohammad mohammed molly mona monica monika muhammad mustafa my märta
nadia nadja nasra natalia natalie nathalie nicklas nicole nikita niklas nils nina noa noah noel noor
nora nour nova oksana ola oleksandr olena olga oliver olivia olle olof omar oscar oskar osman otto ove
patricia patrik pauline pelle per pernilla pernille peter petra petter philip pia pär rana rasmus
rebecka reza robert robin roger roland ronja rosa roza rut sabina saga sahra said sam sami samir samira
samuel sandra sanna sara sarah sebastian selam selim selma semir serhii shirin sigge signe sigrid simon
siri siv sixten sofia sofie sonja stefan stella sten stig stina sune susanne svante sven svitlana tage
tamara taras tea ted tekle thea theo theodor therese thomas tilda tilde tim tina tindra tobias tom tomas
tommy tor tora torbjörn tove tua tuva tyra ulf ulla ulrika valter vendela vera victor victoria vidar
vide viggo viktor viktoria vilda vilgot vilja ville vilma vincent volodymyr wilhelm william wilma yasmin
yasmine ylva yonas yosef yousef yuliia yusuf zahra zainab zara zeinab zoe åke åsa örjan östen
"""
FIRST_NAMES: Final = frozenset(_FIRST_NAMES.split())
"""First names, without accents other than those of Swedish."""

_ALSO_WORDS: Final = """
alba ali alma amal ask august axel bella bo bosse bror dag dan darin dina ebba ebbe ella emma frank gun
hans harry hilda inga iris jack jan jens juni kaj karl kent kim klara knut kurt lana lena leo lilly
linda liv lo lotta lova love luna maj maja mats max mia mina mio mira moa mona my noa nova ola ove pelle
per pia rana reza robin rosa rut saga said sam sami sanna sigge siri siv stella sten stig tage tea ted
tim tina tom tor tora tove tua tuva tyra ulla vera vide viktoria vilda vilja ville zoe
"""
ALSO_WORDS: Final = frozenset(_ALSO_WORDS.split())
"""First names that are words, or read as one: suspected only with a capital inside a sentence."""

SURNAME_ENDINGS: Final = ("sson", "qvist", "quist", "ström", "enko", "escu", "ović", "ovic")

NO_GENITIVES: Final = frozenset({"klass"})
"""Words that end like a name in the genitive, and are none."""

_NAME_CUES: Final = """
barnet brodern bror doktor dotter dottern dr eleven fadern farbror farfar farmor flickan fröken
förskolläraren heter hette kallas killen kompisen kurator kuratorn lillasyster lillebror läraren
magistern mamma mamman mentor mentorn modern morfar mormor namn namnet pappa pappan pojken rektor
rektorn skolsköterskan son sonen storasyster storebror styvpappan syskonet syster systern tjejen
"""
NAME_CUES: Final = frozenset(_NAME_CUES.split())
"""Words after which a capitalised word is probably a name."""

_CAPITALISED: Final = """
add adhd afghanistan aftonbladet alafors ale alingsås angered apple arabiska asperger ast att autism
barn barnahus barnombudsmannen bbic bengtsfors bollebygd borås bris brottsofferjouren bup buse bvc covid
dals dalsland danderyd de den det din discord du ed elevhälsa elevhälsan en england eritrea essunga ett
europa facebook falköping familjecentralen familjehuset finland fk folkhälsomyndigheten fortnite friends
frölunda fyrbodal färgelanda första förstalinjen försäkringskassan gaza grästorp gullspång göta
götaland göteborg göteborgs götene hab habiliteringen han herrljunga hisingen hjo hlt hon hvb hälsan
härlanda härryda ikea instagram internet irak iran island ivo jag jourhavande jul karlsborg kbt korset
kosovo kpp kristi kungsbacka kungälv lerum lgs lidköping lilla lss lvu lysekil mariestad mark
maskrosbarn mellerud mft migrationsverket min mind minecraft munkedal mölndal mölnlycke netflix ni
nordstan norge norra nosam npf nu närhälsan närvårdssamverkan ocd om orust ovk partille partsamverkan
pitch polen polisen ptsd region rinkeby ritalin roblox rädda råd röda sahlgrenska sambu samordnaren
samverkan sdk sip sjuhärad sjukhuset skara skaraborg skolinspektionen skolverket skype skövde snapchat
socialstyrelsen socialtjänsten sollebrunn somalia sommarlovet sos sotenäs spotify stad stallbacka
stenungsund stockholm stora strömstad student stöd suicide sundsvall svenljunga svenska sverige syrien
södra tanum teams tibro tidaholm tiktok tjörn torslanda tranemo trestad trollhättan turkiet tyskland
töreboda uddevalla ukraina ulricehamn ume umeå umo unga ungas ungdomsmottagningen universitetssjukhus
uph uppsala usa vad vara varberg vc vgr vi vuxenpsykiatrin väg vänern vänersborg vänersborgs västbus
västkom västra västtrafik vårdcentralen vårdguiden vårgårda whatsapp youmo youtube åmål öckerö örebro
örgryte östra
"""
CAPITALISED: Final = frozenset(_CAPITALISED.split())
"""Words that carry a capital inside a sentence and are no person: places, services, apps, shortenings."""
