"""What school people write about. ``{slots}`` are filled from SLOTS; each topic has openings and what one answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """``from_`` says who opens it: colleague, parent, partner, service or robot."""

    from_: str
    subjects: tuple[str, ...]
    openings: tuple[str, ...]
    answers: tuple[str, ...]
    folder: str = "INBOX"
    attachment: str = ""


SLOTS = {
    "classe": ["6e A", "6e B", "5e C", "4e A", "4e D", "3e B", "3e E", "2de 4", "1re 2", "Tle 3"],
    "jour": ["lundi", "mardi", "mercredi", "jeudi", "vendredi"],
    "heure": ["8 h 30", "10 h", "13 h 45", "16 h 30", "17 h", "17 h 30", "18 h"],
    "salle": ["102", "114", "B12", "CDI", "salle polyvalente", "salle des actes", "C03"],
    "matiere": [
        "français",
        "mathématiques",
        "anglais",
        "SVT",
        "histoire-géographie",
        "technologie",
        "EPS",
        "physique-chimie",
    ],
    "eleve": [
        "Lina",
        "Noah",
        "Jade",
        "Ilyès",
        "Louise",
        "Gabin",
        "Maëlys",
        "Timéo",
        "Anouk",
        "Sacha",
        "Élise",
        "Yanis",
    ],
    "lieu": [
        "musée des Arts textiles",
        "théâtre de Valmont",
        "domaine forestier de la Brenelle",
        "planétarium de Montclair",
        "centre des Archives",
    ],
    "montant": ["184,50", "612", "1 240", "89,90", "2 350", "450"],
    "nombre": ["12", "18", "24", "26", "28", "31"],
    "mois": ["octobre", "novembre", "décembre", "janvier", "février", "mars", "avril", "mai", "juin"],
    "date": ["3", "7", "12", "15", "18", "21", "24", "28"],
}
TOPICS = (
    Topic(
        "colleague",
        (
            "Conseil de classe {classe}",
            "Préparation du conseil de classe de {classe}",
            "{classe} : conseil du {date} {mois}",
        ),
        (
            "Bonjour,\n\nLe conseil de classe de {classe} aura lieu {jour} {date} {mois} à {heure}, salle {salle}. Merci de saisir vos appréciations avant la veille à midi.\n\nLes délégués ont transmis leurs questions, elles sont jointes.",
            "Bonjour à toutes et tous,\n\nEn vue du conseil de {classe}, je vous propose de commencer par les situations préoccupantes ({eleve}, {eleve2}) avant le tour de table. Début à {heure}, salle {salle}.",
        ),
        (
            "Merci, c'est noté. J'aurai dix minutes de retard, je sors de cours à l'autre bout du bâtiment.",
            "Bien reçu. Pour {eleve}, je voudrais qu'on parle aussi des absences du {jour}.",
            "Mes appréciations sont saisies. Il me manque seulement les deux élèves arrivés en {mois}.",
            "D'accord pour l'ordre proposé. Peut-on inviter l'infirmière pour la première demi-heure ?",
        ),
        "Conseils de classe",
        "pdf",
    ),
    Topic(
        "colleague",
        ("Emploi du temps : changement {jour}", "Salle {salle} indisponible {jour}", "Échange de créneau {classe}"),
        (
            "Bonjour,\n\nLa salle {salle} est prise {jour} par l'intervention de la mission locale. Peux-tu basculer ton cours de {classe} en salle {salle2} ? Le créneau de {heure} ne change pas.",
            "Bonjour,\n\nSerait-il possible d'échanger nos heures de {jour} {date} {mois} avec les {classe} ? J'accompagne la sortie au {lieu}.",
        ),
        (
            "Pas de souci pour moi, je préviens les élèves.",
            "C'est possible si le vidéoprojecteur fonctionne, il était en panne {jour}.",
            "Merci beaucoup, je te revaudrai ça.",
        ),
    ),
    Topic(
        "parent",
        ("Absence de {eleve} ({classe})", "{eleve}, {classe} : rendez-vous", "Question sur l'évaluation de {matiere}"),
        (
            "Madame, Monsieur,\n\nMon enfant {eleve}, en {classe}, sera absent {jour} pour un rendez-vous médical. Pourrait-on lui transmettre les devoirs ?\n\nAvec mes remerciements.",
            "Bonjour,\n\nJe souhaiterais vous rencontrer au sujet de {eleve}, qui semble se décourager en {matiere} depuis les vacances. Je suis disponible le {jour} après {heure}.",
            "Bonjour Madame,\n\n{eleve} n'a pas compris la note de l'évaluation de {matiere}. Serait-il possible de revoir la copie ensemble ?",
        ),
        (
            "Merci de votre réponse, le créneau de {heure} me convient parfaitement.",
            "Bonjour,\n\nC'est entendu. Les devoirs sont dans le cahier de textes, et je vois {eleve} à son retour.",
            "Je vous remercie de votre écoute. À {jour} donc.",
        ),
        "Parents",
    ),
    Topic(
        "colleague",
        ("Sortie au {lieu}", "Sortie {classe} : autorisations", "Budget de la sortie au {lieu}"),
        (
            "Bonjour,\n\nLa sortie au {lieu} est fixée au {date} {mois}. {nombre} élèves de {classe} sont concernés ; il manque encore {petit} autorisations. Le car coûte {montant} euros, je joins le devis.",
            "Bonjour,\n\nPour le {lieu}, l'entrée est gratuite mais il faut réserver avant le {date}. Qui peut accompagner le groupe de l'après-midi ?",
        ),
        (
            "Je peux accompagner, à condition d'être remplacée à {heure}.",
            "Le devis est au-dessus du budget voté en conseil d'administration. Peut-on demander au transporteur habituel ?",
            "Parfait. J'envoie le mot aux familles {jour}.",
        ),
        attachment="pdf",
    ),
    Topic(
        "service",
        (
            "Campagne de mutations : calendrier",
            "Remplacements : procédure au {date} {mois}",
            "Enquête de rentrée à retourner",
        ),
        (
            "Mesdames et Messieurs les chefs d'établissement,\n\nVous trouverez ci-joint le calendrier des opérations. Les demandes doivent parvenir au bureau des personnels au plus tard le {date} {mois}, délai de rigueur.",
            "Bonjour,\n\nLe tableau des remplacements est à compléter pour le {date} {mois}. Un seul fichier par établissement ; les cellules grisées sont calculées.",
        ),
        (
            "Bonjour,\n\nLe tableau complété est joint. Reste la ligne de {matiere}, le poste n'est pas pourvu.",
            "Bien reçu, merci.",
        ),
        "Archive",
        "csv",
    ),
    Topic(
        "service",
        (
            "Subvention : {montant} euros notifiés",
            "DBM n° {petit} à présenter au CA",
            "Facture {montant} euros en attente",
        ),
        (
            "Bonjour,\n\nLa facture du fournisseur ({montant} euros) est bloquée faute de service fait. Pouvez-vous valider la livraison ?",
            "Bonjour,\n\nLa collectivité notifie {montant} euros au titre de l'équipement des salles de {matiere}. La décision modificative est à présenter au conseil du {date} {mois}.",
        ),
        (
            "La livraison est complète, vous pouvez payer.",
            "Il manque deux cartons sur {nombre}. Je relance le fournisseur.",
        ),
    ),
    Topic(
        "partner",
        ("Intervention auprès des {classe}", "Atelier lecture : dates de {mois}", "Devis pour {nombre} exemplaires"),
        (
            "Bonjour,\n\nComme convenu au téléphone, nous pouvons recevoir la classe le {jour} {date} {mois} à {heure}. Combien d'élèves seront présents ?\n\nBien cordialement.",
            "Bonjour,\n\nVous trouverez ci-joint notre proposition pour {nombre} exemplaires, soit {montant} euros port compris.",
        ),
        (
            "Nous serons {nombre}, dont deux accompagnateurs.",
            "Merci, je soumets la proposition au conseil et je reviens vers vous.",
        ),
        attachment="pdf",
    ),
    Topic(
        "robot",
        (
            "[Carnet] {eleve} : nouvelle observation",
            "[Carnet] Cahier de textes de {classe} à compléter",
            "[Réservation] {salle} : confirmée",
        ),
        (
            "Une observation a été ajoutée au carnet de {eleve} ({classe}) en {matiere}.\n\nCe message est automatique, n'y répondez pas.",
            "Votre réservation de la salle {salle} pour {jour} {date} {mois} à {heure} est confirmée.",
        ),
        (),
    ),
    Topic(
        "colleague",
        ("Pot de départ {jour}", "Machine à café", "Covoiturage Montclair"),
        (
            "Coucou,\n\nOn se retrouve {jour} à {heure} en salle des professeurs pour le départ de notre collègue. Une enveloppe circule jusqu'au {date}.",
            "Bonjour,\n\nQuelqu'un part-il vers {heure} de Montclair le {jour} ? Ma voiture est au garage jusqu'au {date}.",
        ),
        ("Présent !", "Je peux prendre deux personnes devant la gare.", "Avec plaisir, j'apporte un gâteau."),
    ),
)
SPAM = (
    (
        "URGENT : votre boîte sera suspendue",
        "Cher utilisateur,\n\nVotre quota est dépassé. Confirmez votre identité sous 24 heures : http://boite-academie.verif-compte.example/connexion\n\nLe service informatique",
    ),
    (
        "Facture impayée n° {montant}",
        "Madame, Monsieur,\n\nSauf erreur, la facture jointe reste due. Réglez avant le {date} {mois} pour éviter les pénalités : http://reglement.facturo.example/",
    ),
    (
        "Vous avez gagné un chèque-cadeau de {montant} euros",
        "Félicitations ! Cliquez pour recevoir votre lot : http://cadeaux.gagnant.example/?id={nombre}",
    ),
)
NEWSLETTER = """<html><head><style>h1 {{ color: #0f5c63; font-size: 22px }} .chapo {{ font-style: italic }}</style></head><body>
<table width="100%" bgcolor="#eef4f4"><tr><td align="center"><table width="600" bgcolor="#ffffff" cellpadding="16"><tr><td>
<img src="cid:logo" alt="La lettre de Valmont" width="120" height="40"><h1>La lettre de {mois}</h1>
<p class="chapo">Ce mois-ci : {classe} au {lieu}, un dossier sur les {matiere}, et l'agenda.</p>
<h2>À l'honneur</h2><p>Les élèves de {classe} présentent leur travail au {lieu} le {date} {mois}. Entrée libre à partir de {heure}.</p>
<p><img src="https://images.lettre-valmont.example/bandeau-{nombre}.png" alt="Bandeau" width="560" height="90"></p>
<p><a href="https://lettre-valmont.example/{mois}">Lire la suite</a></p></td></tr></table></td></tr></table></body></html>"""
