import pyotp

from recordings.cast import Cast
from recordings.scene import Scene
from recordings.stage import Stage


def play(stage: Stage, cast: Cast) -> None:
    page = stage.page
    agent = cast.agent("Yasmine", "Cordier")
    sign_in(stage, agent["sign_in"], agent["password"])
    page.goto("/compte/double-authentification/")
    stage.camera.start()
    with stage.step(
        "Dans « Double authentification », ajoutez une application.",
        "Under “Double authentification”, add an authenticator application.",
    ):
        stage.click(page.locator("a[href='/compte/double-authentification/application/']").first)
    with stage.step("Confirmez avec votre mot de passe.", "Confirm with your password."):
        stage.fill("Votre mot de passe actuel", agent["password"])
        stage.press("Confirmer")
    with stage.step(
        "Avec l'application de votre téléphone, lisez ce code. Sans appareil photo, recopiez la clé.",
        "Scan this code with the application on your phone. Without a camera, copy the key.",
        poster=True,
    ):
        stage.point(page.locator("img.qr"))
        stage.click(page.get_by_text("Pas d'appareil photo"))
        key = page.locator("#key").inner_text().replace(" ", "")
        stage.point(page.locator("#key"))
        stage.wait(1)
    with stage.step(
        "Le téléphone affiche six chiffres, nouveaux toutes les trente secondes : donnez-les.",
        "The phone shows six digits, new every thirty seconds: enter them.",
    ):
        stage.fill("Code à six chiffres", pyotp.TOTP(key).now())
        stage.press("Activer")
    with stage.step(
        "Gardez ces codes de secours ailleurs que sur le téléphone : chacun ouvre une fois.",
        "Keep these recovery codes somewhere other than the phone: each opens once.",
    ):
        page.get_by_role("heading", name="Vos codes de secours").wait_for()
        stage.point(page.get_by_role("link", name="Enregistrer"))
        stage.wait(1)
    with stage.step(
        "C'est fait. À la prochaine connexion, le service demandera aussi un code.",
        "Done. Next time you sign in, the service will also ask for a code.",
    ):
        stage.wait(1)


def sign_in(stage: Stage, login: str, password: str) -> None:
    """Before the film begins."""
    page = stage.page
    page.goto("/compte/connexion/")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", name="Bonjour").wait_for()


SCENE = Scene(
    slug="video-double-authentification",
    title="En vidéo : la double authentification",
    english="Setting up two-factor authentication",
    topic="factor",
    summary="Un second verrou sur votre boîte, avec le téléphone.",
    keywords="second facteur ; TOTP ; application d'authentification ; codes de secours ; film ; tutoriel",
    related=("double-authentification", "codes-de-secours", "telephone-perdu"),
    play=play,
)
