"""Alembic: migrations found by comparing models with the database, run up and down."""
import os
import pathlib
import tempfile
import textwrap

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

work = pathlib.Path(tempfile.mkdtemp(prefix="alembic."))
config = Config(str(work / "alembic.ini"))
config.set_main_option("script_location", str(work / "migrations"))
config.set_main_option("sqlalchemy.url", "postgresql+psycopg2://")
config.print_stdout = lambda *_: None
command.init(config, str(work / "migrations"))
(work / "migrations" / "env.py").write_text(textwrap.dedent("""
    import sqlalchemy as sa
    from alembic import context
    engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=context.config.attributes["models"],
                          compare_type=True, compare_server_default=True)
        with context.begin_transaction():
            context.run_migrations()
"""))


def models(version):
    m = sa.MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
                                       "ck": "ck_%(table_name)s_%(constraint_name)s",
                                       "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"})
    sa.Table("team", m, sa.Column("id", sa.Integer, primary_key=True),
             sa.Column("name", sa.String(30 if version == 1 else 60), nullable=False, unique=True))
    sa.Table("player", m, sa.Column("id", sa.Integer, primary_key=True),
             sa.Column("team_id", sa.ForeignKey("team.id", ondelete="CASCADE" if version == 2 else None), index=True),
             sa.Column("nick", sa.Text, nullable=version == 1, server_default=None if version == 1 else "nobody"),
             sa.Column("score", sa.SmallInteger if version == 1 else sa.BigInteger),
             *([sa.Column("joined", sa.DateTime, server_default=sa.func.now()), sa.CheckConstraint("score >= 0", name="positive")]
               if version == 2 else [sa.Column("old", sa.Boolean)]))
    if version == 2:
        sa.Table("game", m, sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True), sa.Column("at", sa.Date))
    return m


def differences(version):
    with engine.connect() as c:
        return compare_metadata(MigrationContext.configure(c, opts={"compare_type": True, "compare_server_default": True}), models(version))


engine = sa.create_engine("postgresql+psycopg2://")
for version in (1, 2):
    config.attributes["models"] = models(version)
    command.revision(config, message=f"v{version}", autogenerate=True, rev_id=f"000{version}")
    command.upgrade(config, "head")
    if version == 1:
        with engine.begin() as c:
            c.execute(sa.text("insert into team values (1, 'red')"))
            c.execute(sa.text("insert into player values (1, 1, 'x', 5, true)"))
    left = differences(version)
    assert left == [], left
with engine.connect() as c:
    assert c.execute(sa.text("select nick, score from player")).all() == [("x", 5)]
    assert c.execute(sa.text("select version_num from alembic_version")).scalar_one() == "0002"
command.downgrade(config, "0001")
assert differences(1) == []
command.upgrade(config, "head")
command.downgrade(config, "base")
assert sa.inspect(engine).get_table_names() == ["alembic_version"]
