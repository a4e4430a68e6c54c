from recordings.cast import Cast
from recordings.scene import Scene
from recordings.stage import Stage

PASSWORD = "Escabeau-vert-9-tram-joyeux"
STREET = "Dans quelle rue avez-vous habité en premier ?"


def play(stage: Stage, cast: Cast) -> None:
    page = stage.page
    agent = cast.agent("Martine", "Aubrac")
    login = agent["sign_in"].partition("@")[0]
    page.goto("/compte/connexion/")
    stage.camera.start()
    with stage.step(
        "Sur la page de connexion, choisissez « Mot de passe oublié ? ».",
        "On the sign-in page, choose “Mot de passe oublié ?” (forgotten password).",
    ):
        stage.follow("Mot de passe oublié ?")
    with stage.step(
        "Donnez votre identifiant : un code part à votre adresse de secours.",
        "Give your user name: a code is sent to your alternate address.",
    ):
        stage.fill("Identifiant", login)
        stage.press("Recevoir un code")
    with stage.step(
        "Recopiez le code, et répondez à l'une de vos questions secrètes.",
        "Copy the code, and answer one of your secret questions.",
        poster=True,
    ):
        stage.fill("Code à six chiffres", cast.code())
        street = page.get_by_label(STREET).count()
        question = STREET if street else page.locator("label[for=id_answer]").inner_text().strip()
        stage.fill(question, agent["answers"]["first_street" if street else "dream_trade"])
        stage.press("Vérifier")
    with stage.step(
        "Choisissez un nouveau mot de passe, que vous n'employez nulle part ailleurs.",
        "Choose a new password, one that you use nowhere else.",
    ):
        stage.fill("Nouveau mot de passe", PASSWORD)
        stage.fill("Le même, une seconde fois", PASSWORD)
        stage.press("Enregistrer")
    with stage.step("Il ne reste qu'à vous connecter avec lui.", "Now simply sign in with it."):
        stage.fill("Identifiant", login)
        stage.fill("Mot de passe", PASSWORD)
        stage.press("Se connecter")
        page.get_by_role("heading", name="Bonjour Martine").wait_for()
    with stage.step(
        "Vous y êtes. Pas d'adresse de secours ? Demandez de l'aide : on vous répond sans connexion.",
        "You are in. No alternate address? Ask for help: you get an answer without signing in.",
    ):
        stage.wait(1)


SCENE = Scene(
    slug="video-mot-de-passe-oublie",
    title="En vidéo : mot de passe oublié",
    english="Forgotten password",
    topic="password",
    summary="Un code, une question secrète, un nouveau mot de passe.",
    keywords="retrouver l'accès ; réinitialiser ; perdu ; film ; tutoriel",
    related=("mot-de-passe-oublie", "adresse-de-secours"),
    play=play,
)
