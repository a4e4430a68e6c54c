from recordings.cast import Cast
from recordings.scene import Scene
from recordings.stage import Stage

from .second_factor import sign_in


def play(stage: Stage, cast: Cast) -> None:
    page = stage.page
    agent = cast.agent("Fabien", "Morvan")
    sign_in(stage, agent["sign_in"], agent["password"])
    page.goto("/compte/applications/")
    stage.camera.start()
    with stage.step(
        "Dans « Applications », nommez votre téléphone et choisissez son logiciel.",
        "Under “Applications”, name your phone and choose its software.",
    ):
        stage.fill("Nom", "Mon téléphone")
        stage.choose_value("#id_family", "android")
    with stage.step(
        "Lire et envoyer : gardez ce qui est coché, puis demandez.",
        "Reading and sending: keep what is ticked, then ask.",
    ):
        stage.press("Demander")
    with stage.step(
        "Votre mot de passe sert à confirmer. Il n'ira jamais dans le téléphone.",
        "Your password confirms it. It never goes into the phone.",
    ):
        stage.fill("Votre mot de passe actuel", agent["password"])
        stage.press("Créer le secret")
    with stage.step(
        "Voici un secret fait pour ce seul téléphone, et montré une seule fois.",
        "Here is a secret made for this phone alone, and shown only once.",
    ):
        stage.point(page.locator("#secret"))
    with stage.step(
        "Le plus simple : lisez ce code avec l'application. Tout est rempli, serveurs compris.",
        "The easy way: scan this code with the application. It fills in everything, servers included.",
        poster=True,
    ):
        stage.point(page.locator("#qr"))
        stage.wait(1.2)
    with stage.step(
        "Téléphone perdu ? Retirez-le ici : il n'ouvre plus rien, et votre mot de passe ne change pas.",
        "Lost the phone? Remove it here: it opens nothing any more, and your password stays the same.",
    ):
        page.goto("/compte/applications/")
        stage.point(page.get_by_role("button", name="Retirer Mon téléphone"))
        stage.wait(1)


SCENE = Scene(
    slug="video-mon-telephone",
    title="En vidéo : ma messagerie sur mon téléphone",
    english="My mail on my phone",
    topic="phone",
    summary="Un secret pour le téléphone, un code à lire, et c'est réglé.",
    keywords="Android ; iPhone ; application ; IMAP ; configurer ; mobile ; film ; tutoriel",
    related=("configurer-android", "configurer-iphone-ipad", "retirer-une-application"),
    play=play,
)
