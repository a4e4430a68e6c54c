"""What colleagues ask each other, so that the forum has something to read and to find."""

from __future__ import annotations

from itertools import cycle

from ecritoire.accounts.models import Account
from ecritoire.forum.models import Member, Section
from ecritoire.forum.services import answer_accept, answer_write, conduct_accept, member_set, topic_ask, vote_toggle

SECTIONS = [
    ("Messagerie", "Lire, écrire, classer ; téléphones et logiciels.", []),
    ("Compte et sécurité", "Mot de passe, double authentification, messages suspects.", []),
    ("Entre enseignants", "Usages avec les élèves et les familles.", ["teacher", "contract"]),
]
# section, title, tags, question, answers (the first is the one kept when the last value is true)
TOPICS = [
    (0, "Courrier absent du téléphone depuis la rentrée", ["téléphone", "imap"],
     "Les messages arrivent sur l'ordinateur, plus sur mon téléphone. Où regarder ?",
     ["Dans **Mes applications**, retirez le téléphone puis ajoutez-le de nouveau : l'ancien secret avait expiré.",
      "Vérifiez aussi que l'envoi passe par le port chiffré, cela m'avait trompée."], True),
    (0, "Mettre une réponse automatique pendant les congés", ["absence"],
     "Comment prévenir que je suis absent, seulement pour mes collègues ?",
     ["Dans la messagerie, **Réglages**, puis *Absence* : on choisit les dates et qui la reçoit."], True),
    (0, "Retrouver un message supprimé par erreur", ["corbeille"],
     "J'ai vidé la corbeille trop vite. Est-ce perdu ?",
     ["Demandez vite à l'assistance : les messages supprimés restent restaurables quelques jours."], True),
    (0, "Classer automatiquement les messages des parents", ["règles", "dossiers"],
     "Puis-je ranger dans un dossier tout ce qui vient des familles ?",
     ["Oui, par une règle : expéditeur *n'est pas* du domaine de l'académie, puis « Ranger dans ».",
      "Pensez à regarder ce dossier : une règle trop large cache des messages urgents."], False),
    (0, "Pièce jointe refusée car trop lourde", ["pièce jointe"],
     "Mon diaporama pèse plus que la limite. Comment faites-vous ?",
     ["Je l'enregistre en PDF, ou je le dépose sur l'espace de fichiers et j'envoie le lien."], True),
    (0, "Signature commune pour le secrétariat", ["signature"],
     "Nous sommes trois à écrire depuis la même boîte : peut-on avoir une seule signature ?", [], False),
    (1, "Changer de téléphone sans perdre le second facteur", ["double authentification"],
     "Je reçois un nouveau téléphone demain. Que faire avant de rendre l'ancien ?",
     ["Ajoutez le nouveau dans **Double authentification** avant de retirer l'ancien, et gardez vos codes de secours."], True),
    (1, "Ce message du « service informatique » est-il vrai ?", ["hameçonnage"],
     "On me demande de confirmer mon compte avant ce soir.",
     ["Non. Le service ne demande jamais de mot de passe : signalez-le comme hameçonnage.",
      "Même message chez nous, déjà signalé."], True),
    (1, "Clé d'accès sur l'ordinateur de la salle des professeurs", ["clé d'accès"],
     "Puis-je enregistrer une clé d'accès sur un poste partagé ?",
     ["Mieux vaut non : gardez-la sur votre téléphone, et cochez « ordinateur partagé » à la connexion."], True),
    (1, "Combien de temps dure un mot de passe temporaire ?", ["mot de passe"],
     "Ma collègue en a reçu un vendredi et ne peut plus entrer.", [], False),
    (2, "Écrire à tous les parents d'une classe", ["familles"],
     "Comment éviter que les familles voient les adresses des autres ?",
     ["Toujours en **copie cachée**, et votre propre adresse en destinataire."], True),
    (2, "Déconnexion : faut-il répondre le dimanche ?", ["usages"],
     "Comment présentez-vous cela aux élèves ?",
     ["J'annonce mes horaires en début d'année et je programme l'envoi au lundi matin."], False),
]  # fmt: skip
WRITERS = 14


def forum_make(accounts: dict[str, Account]) -> None:
    """Each writes little, as newcomers must; nobody is sent mail about it."""
    people = [account for _number, account in sorted(accounts.items()) if account.is_activated]
    here = people[0].person.organisation
    people = [account for account in people if account.person.organisation == here][:WRITERS]
    sections = [
        Section.objects.create(organisation=here, name=name, description=about, order=rank, categories=categories)
        for rank, (name, about, categories) in enumerate(SECTIONS)
    ]
    for account in people:
        conduct_accept(account=account)
        member_set(account=account, notify=Member.Notify.NONE, shows_function=account.pk % 2 == 0)
    writers = cycle(people)
    for rank, title, tags, text, answers, kept in TOPICS:
        topic = topic_ask(section=sections[rank], author=next(writers), title=title, text=text, tags=tags)
        posts = [answer_write(topic=topic, author=next(writers), text=answer) for answer in answers]
        if kept and topic.author:
            answer_accept(post=posts[0], account=topic.author)
            vote_toggle(post=posts[0], account=topic.author)
