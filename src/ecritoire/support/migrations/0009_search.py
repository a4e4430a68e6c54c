"""The words of each request and of what was said of it, in a column that only the database writes.

Stemmed French without accents for texts; number, name, login and subject as they are typed, so that their beginnings are found. Without
positions: nothing is ranked, and a long conversation stays far below what a column may hold.
"""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

FORWARD = r"""
CREATE TEXT SEARCH CONFIGURATION desk (COPY = french);
ALTER TEXT SEARCH CONFIGURATION desk ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
ALTER TABLE support_ticket ADD COLUMN search tsvector;

CREATE FUNCTION desk_words(name text, subject text, text text) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT strip(to_tsvector('simple', regexp_replace(name, '[^[:alnum:]]+', ' ', 'g'))
        || to_tsvector('desk', subject || ' ' || text))
$$;

CREATE FUNCTION desk_query(typed text) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
DECLARE
    word text;
    one tsquery;
    whole tsquery;
BEGIN
    FOR word IN SELECT m[1] FROM regexp_matches(lower(unaccent(typed)), '[[:alnum:]]+', 'g') AS m LOOP
        one := to_tsquery('desk', word);
        CONTINUE WHEN numnode(one) = 0;
        IF length(word) > 2 THEN
            one := one || to_tsquery('simple', word || ':*');
        END IF;
        whole := CASE WHEN whole IS NULL THEN one ELSE whole && one END;
    END LOOP;
    RETURN coalesce(whole, ''::tsquery);
END
$$;

CREATE FUNCTION desk_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    SELECT left(string_agg(m.text, ' '), 200000) INTO said FROM support_ticketmessage m WHERE m.ticket_id = NEW.id;
    NEW.search := desk_words(NEW.search_name, NEW.subject, NEW.text || ' ' || coalesce(said, ''));
    RETURN NEW;
END
$$;

CREATE FUNCTION desk_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE support_ticket SET search = coalesce(search, ''::tsvector) || strip(to_tsvector('desk', NEW.text))
        WHERE id = NEW.ticket_id AND coalesce(length(search), 0) < 20000;
    ELSE
        UPDATE support_ticket SET search_name = search_name WHERE id = OLD.ticket_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER desk_ticket BEFORE INSERT OR UPDATE OF search_name, subject, text ON support_ticket
    FOR EACH ROW EXECUTE FUNCTION desk_ticket();
CREATE TRIGGER desk_message AFTER INSERT OR DELETE OR UPDATE OF text ON support_ticketmessage
    FOR EACH ROW EXECUTE FUNCTION desk_message();
UPDATE support_ticket SET search_name = search_name;
"""

BACKWARD = """
DROP TRIGGER desk_message ON support_ticketmessage;
DROP TRIGGER desk_ticket ON support_ticket;
DROP FUNCTION desk_message();
DROP FUNCTION desk_ticket();
DROP FUNCTION desk_query(text);
DROP FUNCTION desk_words(text, text, text);
ALTER TABLE support_ticket DROP COLUMN search;
DROP TEXT SEARCH CONFIGURATION desk;
"""


class Migration(migrations.Migration):
    dependencies = [("support", '0008_desk')]
    operations = [UnaccentExtension(), migrations.RunSQL(FORWARD, BACKWARD)]
