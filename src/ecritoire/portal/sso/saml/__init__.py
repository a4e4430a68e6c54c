"""The SAML 2.0 identity provider, on pysaml2 and xmlsec1."""
