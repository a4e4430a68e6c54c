from recordings.cast import Cast
from recordings.scene import Scene
from recordings.stage import Stage

from .second_factor import sign_in


def play(stage: Stage, cast: Cast) -> None:
    page = stage.page
    agent = cast.agent("Émilie", "Rousselin")
    sign_in(stage, agent["sign_in"], agent["password"])
    page.goto("/aide/")
    stage.camera.start()
    with stage.step(
        "Dans l'aide, écrivez votre question : les réponses viennent pendant la frappe.",
        "In the help, type your question: answers come up as you type.",
        poster=True,
    ):
        stage.fill("Que cherchez-vous ?", "pièce jointe trop grande")
        page.locator("#help-suggestions a").first.wait_for()
        stage.wait(1)
    with stage.step("Rien ne convient ? Demandez de l'aide.", "Nothing fits? Ask for help."):
        stage.follow("Demander de l'aide")
    with stage.step(
        "Dites en quelques mots ce qui se passe.",
        "Say what is happening, in a few words.",
    ):
        stage.choose_value("#id_kind", "mail")
        stage.fill("En quelques mots", "Pièce jointe refusée")
        stage.fill("Que se passe-t-il ?", "Le service dit que ma pièce jointe est trop grande. Elle pèse 60 Mo.")
    with stage.step(
        "Envoyez : votre demande a un numéro, et vous recevez la réponse par message.",
        "Send it: your request has a number, and the answer comes by mail.",
    ):
        stage.press("Envoyer la demande")
        page.get_by_text("enregistrée").first.wait_for()
        stage.wait(0.5)
    with stage.step(
        "Vous la suivez ici, ajoutez un détail, ou la fermez quand tout va bien.",
        "Follow it here, add a detail, or close it when all is well.",
    ):
        page.goto("/assistance/")
        stage.point(page.get_by_text("Pièce jointe refusée").first)
        stage.wait(1)


SCENE = Scene(
    slug="video-demander-de-l-aide",
    title="En vidéo : demander de l'aide",
    english="Asking for help",
    topic="help",
    summary="Chercher, demander, suivre la réponse.",
    keywords="assistance ; ticket ; demande ; support ; film ; tutoriel",
    related=("demander-de-l-aide",),
    play=play,
)
