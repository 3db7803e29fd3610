"""What everybody may find is kept apart from the tasks themselves, where an index can find it (ADR 0052).

Behind a policy PostgreSQL looks into no index by a condition that could tell of hidden rows, and LIKE is one: searching
a million tasks read them all. Here stand only tasks of programmes that everybody who works here sees; the database
alone writes it.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

_LANGUAGE = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
_COLUMNS = "task_id, programme_id, code, search_text"
# A programme that opens or closes at the same moment waits for the tasks that come into it, and then finds them.
_FUNCTIONS = f"""
CREATE FUNCTION programmes_words_of_tasks() {_LANGUAGE} AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM programmes_taskwords w USING old_rows o WHERE w.task_id = o.id;
        RETURN NULL;
    END IF;
    PERFORM 1 FROM programmes_programme WHERE id IN (SELECT programme_id FROM new_rows) ORDER BY id FOR SHARE;
    DELETE FROM programmes_taskwords w USING new_rows n JOIN programmes_programme p ON p.id = n.programme_id
    WHERE w.task_id = n.id AND NOT p.is_open;
    INSERT INTO programmes_taskwords AS kept ({_COLUMNS})
    SELECT n.id, n.programme_id, n.code, n.search_text
    FROM new_rows n JOIN programmes_programme p ON p.id = n.programme_id WHERE p.is_open ORDER BY n.id
    ON CONFLICT (task_id) DO UPDATE
    SET programme_id = excluded.programme_id, code = excluded.code, search_text = excluded.search_text
    WHERE (kept.programme_id, kept.code, kept.search_text)
        <> (excluded.programme_id, excluded.code, excluded.search_text);
    RETURN NULL;
END $$;
CREATE FUNCTION programmes_words_of_programmes() {_LANGUAGE} AS $$
BEGIN
    DELETE FROM programmes_taskwords w USING new_rows n JOIN old_rows o ON o.id = n.id
    WHERE w.programme_id = n.id AND o.is_open AND NOT n.is_open;
    INSERT INTO programmes_taskwords ({_COLUMNS})
    SELECT t.id, t.programme_id, t.code, t.search_text
    FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN programmes_task t ON t.programme_id = n.id
    WHERE n.is_open AND NOT o.is_open ORDER BY t.id
    ON CONFLICT (task_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER programme_words_insert AFTER INSERT ON programmes_task REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION programmes_words_of_tasks();
CREATE TRIGGER programme_words_update AFTER UPDATE ON programmes_task REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION programmes_words_of_tasks();
CREATE TRIGGER programme_words_delete AFTER DELETE ON programmes_task REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION programmes_words_of_tasks();
CREATE TRIGGER programme_words_update AFTER UPDATE ON programmes_programme
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION programmes_words_of_programmes();
INSERT INTO programmes_taskwords ({_COLUMNS})
SELECT t.id, t.programme_id, t.code, t.search_text
FROM programmes_task t JOIN programmes_programme p ON p.id = t.programme_id WHERE p.is_open;
"""
_UNDO = """
DROP TRIGGER programme_words_update ON programmes_programme;
DROP TRIGGER programme_words_delete ON programmes_task;
DROP TRIGGER programme_words_update ON programmes_task;
DROP TRIGGER programme_words_insert ON programmes_task;
DROP FUNCTION programmes_words_of_programmes();
DROP FUNCTION programmes_words_of_tasks();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0007_open_programmes")]

    operations = [
        migrations.CreateModel(
            name="TaskWords",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="programmes.task",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="programmes.programme",
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("search_text", models.TextField()),
            ],
        ),
        migrations.RunSQL(_FUNCTIONS, _UNDO),
        migrations.AddIndex(
            model_name="taskwords",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="task_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(model_name="taskwords", index=models.Index(fields=["code"], name="task_words_in_order")),
    ]
