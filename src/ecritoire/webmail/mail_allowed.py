"""The allow-lists of HTML mail: what is not here does not reach the reader."""

from __future__ import annotations


def words(text: str) -> set[str]:
    return set(text.split())


# HTML
TAGS = words(
    """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div
    dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s
    samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr
    """
)
DROPPED_WITH_CONTENT = words(
    """
    applet audio canvas embed frame frameset iframe math noembed noframes noscript object option plaintext script
    select style svg template textarea title video xmp
    """
)
SHARED_ATTRIBUTES = {"align", "bgcolor", "dir", "height", "lang", "style", "title", "valign", "width"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": SHARED_ATTRIBUTES,
    "a": {"href"},
    "img": {"alt", "border", "hspace", "src", "vspace"},
    "font": {"color", "face", "size"},
    "table": {"background", "border", "cellpadding", "cellspacing", "role"},
    "td": {"background", "colspan", "headers", "nowrap", "rowspan"},
    "th": {"background", "colspan", "nowrap", "rowspan", "scope"},
    "tr": {"background"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"type", "value"},
}
SELECTABLE = {"class", "id", *SHARED_ATTRIBUTES}
LINK_SCHEMES = {"http", "https", "mailto", "tel"}

# Elements that open without ever closing in honest mail.
UNCLOSED = words("area base br col dd dt embed hr img input li link meta o:p p param source td th tr track wbr")

# CSS: looks only. No position, no stacking, no transform, no generated content, nothing that runs or imports.
SIDES = ("top", "right", "bottom", "left")
PROPERTIES = words(
    """
    background background-color background-image background-position background-repeat background-size border
    border-collapse border-color border-radius border-spacing border-style border-width box-shadow box-sizing
    caption-side clear color direction display empty-cells float font font-family font-size font-style font-variant
    font-weight height letter-spacing line-height list-style list-style-position list-style-type margin
    max-height max-width min-height min-width opacity outline overflow overflow-wrap padding table-layout text-align
    text-decoration text-decoration-color text-decoration-line text-indent text-transform unicode-bidi
    vertical-align visibility white-space width word-break word-spacing word-wrap
    """
) | {
    name
    for side in SIDES
    for name in (
        *(f"{box}-{side}" for box in ("margin", "padding", "border")),
        *(f"border-{side}-{part}" for part in ("color", "style", "width")),
    )
}
FUNCTIONS = words("calc clamp hsl hsla linear-gradient max min radial-gradient rgb rgba")
# A height in viewport units feeds on itself in a frame as tall as its content.
VIEWPORT_UNITS = words("vh vw vmin vmax dvh dvw svh svw lvh lvw vb vi")
