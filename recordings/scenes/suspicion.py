from recordings.cast import Cast
from recordings.scene import Scene
from recordings.stage import Stage

from .second_factor import sign_in

PASSWORD = "Escabeau-vert-9-tram-joyeux"


def play(stage: Stage, cast: Cast) -> None:
    page = stage.page
    agent = cast.agent("Bernard", "Lestrade")
    cast.manage("demo_intrusion", agent["sign_in"])
    sign_in(stage, agent["sign_in"], agent["password"])
    page.goto("/compte/historique/")
    stage.camera.start()
    with stage.step(
        "L'historique montre chaque connexion : l'une d'elles n'est pas la vôtre ?",
        "The history shows every sign-in: is one of them not yours?",
        poster=True,
    ):
        stage.point(page.locator("td").get_by_text("Nigeria").first)
        stage.wait(1)
    with stage.step(
        "N'attendez pas d'être sûr : ouvrez « Je soupçonne une intrusion ».",
        "Do not wait to be sure: open “Je soupçonne une intrusion” (I suspect an intrusion).",
    ):
        stage.click(page.locator("main a[href='/intrusion/']").first)
    with stage.step("Le service dit ce qui va se passer : commencez.", "The service says what will happen: begin."):
        stage.press("Commencer")
    with stage.step("Montrez que c'est bien vous.", "Show that it is really you."):
        stage.fill("Votre mot de passe", agent["password"])
        stage.press("Continuer")
    with stage.step(
        "Un nouveau mot de passe, et tout se ferme : sessions, téléphones, secrets.",
        "A new password, and everything closes: sessions, phones, secrets.",
    ):
        stage.fill("Nouveau mot de passe", PASSWORD)
        stage.fill("Le même, une seconde fois", PASSWORD)
        stage.press("Enregistrer et tout fermer")
    with stage.step(
        "Le service montre les règles et transferts ajoutés : supprimez ceux que vous ne connaissez pas.",
        "The service shows rules and forwarding that were added: delete those you do not know.",
    ):
        stage.click(page.get_by_role("button", name="Supprimer Tri"))
        stage.follow("Continuer")
    with stage.step("Vérifiez aussi vos moyens de secours.", "Check your means of recovery too."):
        stage.follow("Terminer")
    with stage.step(
        "L'assistance et votre référent sont prévenus. Il ne reste qu'à suivre les conseils.",
        "Support and your local contact have been told. Just follow the advice.",
    ):
        stage.point(page.get_by_role("heading", name="À surveiller"))
        stage.wait(1)


SCENE = Scene(
    slug="video-soupcon-d-intrusion",
    title="En vidéo : je soupçonne une intrusion",
    english="I suspect an intrusion",
    topic="security",
    summary="Fermer toutes les portes en une minute.",
    keywords="piratage ; compte volé ; connexion inconnue ; alerte ; film ; tutoriel",
    related=("soupcon-d-intrusion", "verifier-mes-connexions", "reconnaitre-un-message-suspect"),
    play=play,
)
