"""What words have in common: stems, stop words and the few ideas people ring up about, in four languages."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_MONEY = re.compile(r"[$€£]|\b(?:eur|usd|gbp)\b", re.IGNORECASE)
_DURATION = re.compile(
    r"\bhow (?:long|soon|quickly)\b|\bcuanto (?:tiempo|tarda|dura)\b|\bwie lange\b|\bcombien de temps\b"
    r"|\b(?:[\d-]+|half an|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty"
    r"|einen?|zwei|drei|una?|dos|tres|deux|trois)"
    r"(?: business| working)? "
    r"(?:minutes?|hours?|days?|weeks?|months?|minutos?|horas?|dias?|semanas?|minuten?|stunden?|tagen?|wochen?|heures?|jours?"
    r"|semaines?)\b"
)
_CLOCK_TIME = re.compile(r"\b\d{1,2}(?::\d\d|h\d\d| ?uhr\b| ?a\.?m\b| ?p\.?m\b)", re.IGNORECASE)
_SUFFIXES = ("ungen", "ings", "ing", "ung", "ies", "ed", "es", "en", "er", "os", "as", "s", "e", "o", "a", "n")
_STEM_LENGTH = 7
_SHORTEST_STEM = 4

_FUNCTION_WORDS = {
    "en": """
        a about am an and any are as at be been but by can could did do does else for from had has
        have how i if in into is it its know like may me might mine more my need of on or our please
        should so some something tell than thank that the their them then there these they this
        those to understand up us want was we were what when which will with would yes you your
        mentioned said say really anything everything hello hi oh okay well just also who whose not
        no again over here let see good great fine every wanted calling called ask asking ring rang
        today could't don't i'm we'll very much more all right alright exactly mean means where thanks please take
        takes
    """,
    "es": """
        a al algo ante aqui asi aun como con cual cuales de del desde donde dice digame el ella ello
        en entre era es esa ese eso esta este esto estan estoy gracias ha hace han hay he hola la
        las le les lo los mas me mi mis mucho muy nada ni no nos o oh para pero por porque puede
        puedo que quien quiero se ser si sin sobre son soy su sus tambien te tengo tiene tienen todo
        tu un una uno usted ustedes y ya yo menciono ha dicho contarme saber bien vale bueno
    """,
    "de": """
        aber alle als also am an auch auf aus bei bin bis bitte da danke dann das dass dem den der
        des die dies diese dieser doch du ein eine einem einen einer eines er es etwas fur hallo hab
        habe haben hat hatte ich ihm ihn ihnen ihr ihre ihren im in ist ja kann kein keine konnen
        konnten machen man mehr mein meine mich mir mit nach nein nicht noch nun nur ob oder schon
        sehr sein sich sie sind so und uns unser vom von war was wenn wer wie wir wird wissen zu zum
        zur erwahnten gesagt sagen gut
    """,
    "fr": """
        a ai alors au aussi aux avec avez avoir bien bonjour c ca ce ces cet cette d dans de des
        dire dit du elle en est et etes etre eu fait il ils j je l la le les leur leurs lui m ma
        mais me merci mes moi mon n ne nous on ont ou oui par pas plus pour pouvez puis qu que quel
        quelle quelles quels qui quoi s sa savoir se ses si son sont suis sur t ta te tes toi ton
        tout tres tu un une veux voudrais votre vos vous y parlez d'accord
    """,
}

_IDEAS = {
    "hours": """
        hour hours open opens opened opening close closes closed closing schedule weekday weekdays
        weekend monday tuesday wednesday thursday friday saturday sunday daily noon midnight horario
        horarios abierto abierta abre abren abrimos cierra cierran cerrado hora horas lunes domingo
        sabado uhr geoffnet offnen offnet schliesst schliessen geschlossen offnungszeiten montag
        sonntag samstag taglich wochenende heure heures ouvert ouverte ouvre ouvrez ferme fermez
        horaires lundi dimanche samedi
    """,
    "price": """
        price prices priced cost costs fee fees rate rates euro euros dollar dollars pound pounds
        pay cheap expensive charge charges free precio precios cuesta cuestan cuanto tarifa tarifas
        dolares barato caro pagar preis preise kostet kosten teuer gunstig gebuhr bezahlen prix
        coute coutent combien tarif tarifs payer gratuit
    """,
    "booking": """
        book books booking booked reserve reserves reservation reservations appointment appointments
        table tables slot visit reserva reservas reservar mesa mesas cita citas turno buchen buchung
        termin termine tisch tische reservieren reservierung reserver table tables rendez
    """,
    "address": """
        address where located location street avenue road square find near nearby next opposite
        corner direction directions direccion donde ubicacion calle avenida plaza encontrar cerca
        rua adresse wo strasse platz finden nahe adresse situe situes rue avenue trouver
        pres
    """,
    "parking": """
        parking park garage aparcamiento aparcar parkplatz parken tiefgarage stationnement garer
    """,
    "contact": """
        email mail phone telephone website number reach correo telefono pagina telefonnummer
        erreichen courriel site joindre
    """,
    "payment": """
        card cards cash credit visa mastercard tarjeta efectivo karte kreditkarte bargeld carte
        especes
    """,
    "cancel": """
        cancel cancels cancelled cancellation reschedule change cancelar cancelacion cambiar
        stornieren absagen stornierung verschieben annuler annulation changer
    """,
    "food": """
        menu food dish dishes eat vegetarian vegan breakfast lunch dinner drinks comida plato platos
        desayuno cena almuerzo vegetariano speisekarte essen gerichte fruhstuck vegetarisch cuisine
        plat plats dejeuner diner vegetarien
    """,
    "complaint": """
        complain complaint complaints problem broken wrong refund manager sorry queja quejas
        problema roto reembolso encargado beschwerde problem kaputt erstattung leiter plainte
        probleme casse remboursement responsable
    """,
    "identity": """
        who name company quien nombre empresa wer firma heissen qui nom entreprise appelez
    """,
}


def plain(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokens(text: str) -> list[str]:
    return _WORD.findall(plain(text))


def stem(token: str) -> str:
    for suffix in _SUFFIXES:
        if token.endswith(suffix) and len(token) - len(suffix) >= _SHORTEST_STEM:
            return token[: -len(suffix)][:_STEM_LENGTH]
    return token[:_STEM_LENGTH]


_FUNCTION_TOKENS = {language: frozenset(tokens(words)) for language, words in _FUNCTION_WORDS.items()}
STOP_WORDS = frozenset().union(*_FUNCTION_TOKENS.values())
_IDEA_OF_TOKEN = {
    idea: frozenset(tokens(words)) | frozenset(stem(word) for word in tokens(words))
    for idea, words in _IDEAS.items()
}


def ideas(text: str) -> set[str]:
    """Which of the common ideas a text touches: `hours`, `price`, `booking`, `address` and so on."""
    said = set(tokens(text))
    said |= {stem(token) for token in said}
    found = {idea for idea, words in _IDEA_OF_TOKEN.items() if words & said}
    if _MONEY.search(text) or "how much" in plain(text):
        found.add("price")
    if _CLOCK_TIME.search(text):
        found.add("hours")
    if _DURATION.search(plain(text)):
        found.add("duration")
    return found


def terms(text: str) -> set[str]:
    """Stems of the words that carry meaning, and the ideas behind them (prefixed with #)."""
    stems = {stem(token) for token in tokens(text) if token not in STOP_WORDS}
    return stems | {f"#{idea}" for idea in ideas(text)}


def language_of(text: str) -> str | None:
    """The language (`en es de fr`) whose small words a text uses most; None when it shows none clearly."""
    said = tokens(text)
    counts = {language: sum(token in words for token in said) for language, words in _FUNCTION_TOKENS.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    if best == second:
        return None
    return max(counts, key=lambda language: counts[language])
