from recordings.cast import Cast
from recordings.scene import Scene
from recordings.stage import Stage

PASSWORD = "Tracteur-bleu-7-lune-haute"


def play(stage: Stage, cast: Cast) -> None:
    page = stage.page
    agent = cast.agent("Colette", "Vidal", newcomer=True)
    page.goto("/compte/connexion/")
    stage.camera.start()
    with stage.step(
        "Donnez votre identifiant et le mot de passe temporaire reçu par lettre.",
        "Enter your user name and the temporary password from your letter.",
    ):
        stage.fill("Identifiant", agent["sign_in"].partition("@")[0])
        stage.fill("Mot de passe", agent["password"])
        stage.press("Se connecter")
    with stage.step(
        "Choisissez votre mot de passe : le service dit tout de suite s'il convient.",
        "Choose your own password: the service tells you at once whether it will do.",
        poster=True,
    ):
        stage.fill("Nouveau mot de passe", PASSWORD)
        stage.fill("Le même, une seconde fois", PASSWORD)
        stage.press("Continuer")
    with stage.step("Vérifiez vos informations, puis confirmez.", "Check your details, then confirm them."):
        stage.press("C'est exact")
    with stage.step(
        "Donnez une adresse de secours, hors de l'académie.", "Give an alternate address, outside the académie."
    ):
        stage.fill("Adresse de secours", "sonde@partenaire.test")
        stage.press("Envoyer le code")
    with stage.step("Un code vient d'y arriver : recopiez-le.", "A code has just arrived there: copy it."):
        stage.fill("Code à six chiffres", cast.code())
        stage.press("Vérifier le code")
    with stage.step(
        "Répondez à deux questions secrètes : elles serviront si vous oubliez tout.",
        "Answer two secret questions: they help if you ever forget everything.",
    ):
        stage.fill("Réponse à la première question", "rue de la Gare")
        stage.fill("Réponse à la seconde question", "Capucine")
        stage.press("Continuer")
    with stage.step(
        "Lisez le mémo de sécurité, puis ouvrez votre boîte.", "Read the security memo, then open your mailbox."
    ):
        stage.tick("J'ai lu ce mémo")
        stage.press("Ouvrir ma boîte")
    with stage.step("Votre compte est activé. Bienvenue !", "Your account is active. Welcome!"):
        page.get_by_text("Votre compte est activé").wait_for()


SCENE = Scene(
    slug="video-activer-mon-compte",
    title="En vidéo : activer mon compte",
    english="Activating my account",
    topic="activation",
    summary="De la lettre reçue à la boîte ouverte.",
    keywords="première connexion ; mot de passe temporaire ; nouvel arrivant ; film ; tutoriel",
    related=("activer-mon-compte", "choisir-un-bon-mot-de-passe"),
    play=play,
)
