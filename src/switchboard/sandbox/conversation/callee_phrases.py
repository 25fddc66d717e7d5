"""What the people of the town say on the telephone, in English, Spanish, German and French."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalleePhrases:
    """`{name}` is the person, `{word}` something they heard. Variants are chosen by the person's seed."""

    here: tuple[str, ...]
    goals: dict[str, tuple[str, ...]]
    """First question by `Goal`."""
    more: tuple[str, ...]
    """Second questions of any kind of person."""
    pick_up: tuple[str, ...]
    anything_else: tuple[str, ...]
    pleased: tuple[str, ...]
    calm: tuple[str, ...]
    grumpy: tuple[str, ...]
    disappointed: tuple[str, ...]
    still_here: str
    nobody: tuple[str, str]
    """After the first and after the second silence."""
    my_name: str
    my_email: str
    """`{email}`, or `{spoken_email}` with its dots in words."""
    my_phone: str
    """`{number}`."""
    my_order: str
    my_birthday: str
    how_many: str
    when: str
    yes: tuple[str, ...]
    long_story: tuple[str, ...]
    thanks: tuple[str, ...]
    bye: str


CALLEE = {
    "en": CalleePhrases(
        here=("Oh, hello, {name} speaking.", "Hello, this is {name}.", "Hi, {name} here."),
        goals={
            "book_table": (
                "I would like to make a booking for tomorrow evening, is that possible?",
                "Could I reserve something for four people?",
            ),
            "ask_hours": ("What are your opening hours?", "When are you open at the weekend?"),
            "ask_price": ("How much does it cost?", "What are your prices?"),
            "complain": (
                "I have a complaint, something went wrong last time. Who takes care of that?",
                "There was a problem with my last order. What can you do about it?",
            ),
            "wrong_number": (
                "I think you may have the wrong number. Who is calling, please?",
                "I was not expecting a call. What is this about?",
            ),
        },
        more=(
            "And where can I find you?",
            "What would that cost me?",
            "What time do you close?",
            "Can I pay by card?",
            "How do I reach you if I need to change something?",
        ),
        pick_up=(
            "You mentioned “{word}”. Could you tell me more about that?",
            "What exactly do you mean by “{word}”?",
        ),
        anything_else=("Is there anything else I should know?", "What else can you tell me?"),
        pleased=("Oh, lovely.", "That sounds wonderful.", "Great, thank you.", "Perfect."),
        calm=("I see.", "All right.", "Good to know.", "Okay."),
        grumpy=("Hm.", "Well, if you say so.", "Fine.", "So be it."),
        disappointed=("Oh, that is a pity.", "Never mind.", "Too bad."),
        still_here="Yes, I am still here.",
        nobody=("Hello? Is anybody there?", "Well, nobody there. I am hanging up."),
        my_name="My name is {name}.",
        my_email="My e-mail address is {spoken_email}.",
        my_phone="My number is {number}.",
        my_order="It is four seven one one.",
        my_birthday="I was born on May 2nd 1980.",
        how_many="We are four people.",
        when="Tomorrow at seven in the evening would suit me.",
        yes=("Yes, please.", "Yes, that is fine with me."),
        long_story=(
            (
                "You know, my neighbour told me about you the other day, when we met on the stairs with all "
                "the shopping in our arms, and she went on for a quarter of an hour about how things used to "
                "be in this street."
            ),
            (
                "Let me explain, because it is a bit of a long story: first my cousin wanted to come on "
                "Tuesday, then the train was late as always, and in the end we sat in the kitchen and talked "
                "until it was dark."
            ),
            (
                "My late husband always said that one should ask before one drives anywhere, and he was right "
                "about that, because the last time I just went, and then I stood in the rain with the dog for "
                "half an hour."
            ),
        ),
        thanks=(
            "Thank you, that was all I wanted to know. Goodbye!",
            "Thanks a lot for your help. Goodbye!",
            "That will be all, thank you. Goodbye!",
        ),
        bye="Goodbye.",
    ),
    "es": CalleePhrases(
        here=("Ah, hola, habla {name}.", "Hola, soy {name}.", "Buenas, aquí {name}."),
        goals={
            "book_table": (
                "Quisiera hacer una reserva para mañana por la noche, ¿es posible?",
                "¿Podría reservar para cuatro personas?",
            ),
            "ask_hours": ("¿Cuál es su horario?", "¿A qué hora abren el fin de semana?"),
            "ask_price": ("¿Cuánto cuesta?", "¿Cuáles son sus precios?"),
            "complain": (
                "Tengo una queja, la última vez algo salió mal. ¿Quién se encarga de eso?",
                "Hubo un problema con mi último pedido. ¿Qué pueden hacer?",
            ),
            "wrong_number": (
                "Creo que se ha equivocado de número. ¿Quién llama, por favor?",
                "No esperaba ninguna llamada. ¿De qué se trata?",
            ),
        },
        more=(
            "¿Y dónde están ustedes?",
            "¿Qué precio tendría eso?",
            "¿A qué hora cierran?",
            "¿Puedo pagar con tarjeta?",
            "¿Cómo los contacto si tengo que cambiar algo?",
        ),
        pick_up=(
            "Ha mencionado «{word}». ¿Puede contarme más sobre eso?",
            "¿Qué quiere decir exactamente con «{word}»?",
        ),
        anything_else=("¿Hay algo más que deba saber?", "¿Qué más me puede decir?"),
        pleased=("Ah, qué bien.", "Suena estupendo.", "Genial, gracias.", "Perfecto."),
        calm=("Entiendo.", "De acuerdo.", "Bueno es saberlo.", "Vale."),
        grumpy=("Hm.", "Si usted lo dice.", "Está bien.", "Pues nada."),
        disappointed=("Vaya, qué lástima.", "No importa.", "Una pena."),
        still_here="Sí, sigo aquí.",
        nobody=("¿Hola? ¿Hay alguien?", "Pues no hay nadie. Cuelgo."),
        my_name="Me llamo {name}.",
        my_email="Mi correo es {email}.",
        my_phone="Mi número es el {number}.",
        my_order="Es el 4711.",
        my_birthday="Nací el 2 de mayo de 1980.",
        how_many="Somos cuatro.",
        when="Mañana a las siete de la tarde me vendría bien.",
        yes=("Sí, por favor.", "Sí, me parece bien."),
        long_story=(
            (
                "Sabe usted, mi vecina me habló de ustedes el otro día, cuando nos encontramos en la escalera "
                "con todas las bolsas de la compra, y se pasó un cuarto de hora contándome cómo era antes "
                "esta calle."
            ),
            (
                "Le explico, porque es una historia un poco larga: primero mi primo quería venir el martes, "
                "luego el tren llegó tarde como siempre, y al final nos quedamos en la cocina hablando hasta "
                "que se hizo de noche."
            ),
            (
                "Mi difunto marido siempre decía que hay que preguntar antes de ir a ninguna parte, y tenía "
                "razón, porque la última vez fui sin más y estuve media hora con el perro bajo la lluvia."
            ),
        ),
        thanks=(
            "Gracias, era todo lo que quería saber. ¡Adiós!",
            "Muchas gracias por su ayuda. ¡Adiós!",
            "Eso es todo, gracias. ¡Adiós!",
        ),
        bye="Adiós.",
    ),
    "de": CalleePhrases(
        here=("Ach, guten Tag, {name} am Apparat.", "Hallo, hier ist {name}.", "Tag, {name} hier."),
        goals={
            "book_table": (
                "Ich möchte gern für morgen Abend reservieren, geht das?",
                "Könnte ich für vier Personen buchen?",
            ),
            "ask_hours": ("Wie sind Ihre Öffnungszeiten?", "Wann haben Sie am Wochenende geöffnet?"),
            "ask_price": ("Was kostet das?", "Wie sind Ihre Preise?"),
            "complain": (
                "Ich habe eine Beschwerde, beim letzten Mal ging etwas schief. Wer kümmert sich darum?",
                "Mit meiner letzten Bestellung gab es ein Problem. Was können Sie tun?",
            ),
            "wrong_number": (
                "Sie haben sich wohl verwählt. Wer spricht denn da?",
                "Ich habe keinen Anruf erwartet. Worum geht es?",
            ),
        },
        more=(
            "Und wo finde ich Sie?",
            "Was würde mich das kosten?",
            "Wann schließen Sie?",
            "Kann ich mit Karte bezahlen?",
            "Wie erreiche ich Sie, wenn ich etwas ändern muss?",
        ),
        pick_up=(
            "Sie haben „{word}“ erwähnt. Können Sie mir mehr darüber sagen?",
            "Was genau meinen Sie mit „{word}“?",
        ),
        anything_else=("Gibt es sonst noch etwas, das ich wissen sollte?", "Was können Sie mir noch sagen?"),
        pleased=("Oh, schön.", "Das klingt wunderbar.", "Prima, danke.", "Perfekt."),
        calm=("Verstehe.", "In Ordnung.", "Gut zu wissen.", "Okay."),
        grumpy=("Hm.", "Wenn Sie meinen.", "Na gut.", "Von mir aus."),
        disappointed=("Oh, schade.", "Macht nichts.", "Pech gehabt."),
        still_here="Ja, ich bin noch da.",
        nobody=("Hallo? Ist da jemand?", "Da ist wohl niemand. Ich lege auf."),
        my_name="Mein Name ist {name}.",
        my_email="Meine E-Mail-Adresse ist {email}.",
        my_phone="Meine Nummer ist {number}.",
        my_order="Es ist die 4711.",
        my_birthday="Ich bin am 2. Mai 1980 geboren.",
        how_many="Wir sind zu viert.",
        when="Morgen Abend um sieben würde mir passen.",
        yes=("Ja, bitte.", "Ja, das ist mir recht."),
        long_story=(
            (
                "Wissen Sie, meine Nachbarin hat mir neulich von Ihnen erzählt, als wir uns mit den ganzen "
                "Einkäufen im Arm auf der Treppe trafen, und dann sprach sie eine Viertelstunde davon, wie es "
                "früher in der Straße war."
            ),
            (
                "Ich muss das erklären, es ist eine längere Geschichte: Erst wollte mein Vetter am Dienstag "
                "kommen, dann war der Zug wie immer zu spät, und am Ende saßen wir in der Küche und redeten, "
                "bis es dunkel war."
            ),
            (
                "Mein verstorbener Mann sagte immer, man soll fragen, bevor man irgendwohin fährt, und er "
                "hatte recht, denn beim letzten Mal stand ich mit dem Hund eine halbe Stunde im Regen."
            ),
        ),
        thanks=(
            "Danke, mehr wollte ich nicht wissen. Auf Wiederhören!",
            "Vielen Dank für Ihre Hilfe. Auf Wiederhören!",
            "Das war alles, danke. Auf Wiederhören!",
        ),
        bye="Auf Wiederhören.",
    ),
    "fr": CalleePhrases(
        here=("Ah, bonjour, {name} à l'appareil.", "Bonjour, ici {name}.", "Oui, c'est {name}."),
        goals={
            "book_table": (
                "Je voudrais réserver pour demain soir, est-ce possible ?",
                "Pourrais-je réserver pour quatre personnes ?",
            ),
            "ask_hours": ("Quels sont vos horaires ?", "À quelle heure ouvrez-vous le samedi ?"),
            "ask_price": ("Combien ça coûte ?", "Quels sont vos prix ?"),
            "complain": (
                "J'ai une réclamation, la dernière fois il y a eu un problème. Qui s'en occupe ?",
                "Il y a eu un problème avec ma dernière commande. Que pouvez-vous faire ?",
            ),
            "wrong_number": (
                "Je crois que vous vous trompez de numéro. Qui est à l'appareil ?",
                "Je n'attendais pas d'appel. De quoi s'agit-il ?",
            ),
        },
        more=(
            "Et où vous trouvez-vous ?",
            "Quel prix cela me ferait-il ?",
            "À quelle heure fermez-vous ?",
            "Puis-je payer par carte ?",
            "Comment vous joindre si je dois changer quelque chose ?",
        ),
        pick_up=(
            "Vous parlez de « {word} ». Pouvez-vous m'en dire plus ?",
            "Qu'entendez-vous exactement par « {word} » ?",
        ),
        anything_else=("Y a-t-il autre chose que je devrais savoir ?", "Que pouvez-vous me dire d'autre ?"),
        pleased=("Oh, très bien.", "C'est formidable.", "Super, merci.", "Parfait."),
        calm=("Je vois.", "D'accord.", "C'est bon à savoir.", "Entendu."),
        grumpy=("Hm.", "Si vous le dites.", "Soit.", "Bon."),
        disappointed=("Oh, dommage.", "Tant pis.", "C'est bien dommage."),
        still_here="Oui, je suis toujours là.",
        nobody=("Allô ? Il y a quelqu'un ?", "Il n'y a personne. Je raccroche."),
        my_name="Je m'appelle {name}.",
        my_email="Mon adresse est {email}.",
        my_phone="Mon numéro est le {number}.",
        my_order="C'est le 4711.",
        my_birthday="Je suis né le 2 mai 1980.",
        how_many="Nous sommes quatre.",
        when="Demain soir à sept heures me conviendrait.",
        yes=("Oui, s'il vous plaît.", "Oui, cela me convient."),
        long_story=(
            (
                "Vous savez, ma voisine m'a parlé de vous l'autre jour, quand nous nous sommes croisées dans "
                "l'escalier avec toutes nos courses, et elle m'a raconté pendant un quart d'heure comment "
                "était la rue autrefois."
            ),
            (
                "Je vous explique, c'est une longue histoire : d'abord mon cousin voulait venir mardi, puis "
                "le train a eu du retard comme toujours, et nous avons fini par parler dans la cuisine "
                "jusqu'à la nuit."
            ),
            (
                "Mon défunt mari disait toujours qu'il faut demander avant de se déplacer, et il avait "
                "raison, car la dernière fois je suis restée une demi-heure sous la pluie avec le chien."
            ),
        ),
        thanks=(
            "Merci, c'est tout ce que je voulais savoir. Au revoir !",
            "Merci beaucoup pour votre aide. Au revoir !",
            "Ce sera tout, merci. Au revoir !",
        ),
        bye="Au revoir.",
    ),
}
