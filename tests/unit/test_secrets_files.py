"""Files whose own form says what is secret: found in them, and quiet where they look it up."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from secretmaking import LOWER_HEX, Maker

from interlock.secrets.content import text_of
from interlock.secrets.model import Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

USING = scanner(TABLE, b"k" * 32)
WEAK = "password"
#: A path, a text with SECRET in it, and the rule; a weak password counts in such a file as well.
STORES = (
    (".netrc", "machine h\n  login me\n  password SECRET\n", "netrc"),
    ("home/_netrc", "machine h login me password SECRET\n", "netrc"),
    (".pgpass", "#host:port:db:user:password\ndb:5432:app:me:SECRET\n", "pgpass"),
    ("pgpass.conf", "db:*:*:me:SECRET\n", "pgpass"),
    (".my.cnf", "[client]\nuser = me\npassword = SECRET\n", "my-cnf"),
    (".git-credentials", "https://me@h.io:SECRET@git.h.io\n", "git-credentials"),
    (".npmrc", "//npm.h.io/:_authToken=SECRET\n", "npmrc"),
    (".npmrc", "//npm.h.io/:_password=SECRET\n", "npmrc"),
    (".yarnrc.yml", 'npmAuthToken: "SECRET"\n', "npmrc"),
    (".pypirc", "[pypi]\nusername = me\npassword = SECRET\n", "pypirc"),
    (".dockercfg", '{"h": {"auth": "SECRET", "email": "a@b"}}\n', "docker-config"),
    (".docker/config.json", '{"auths": {"h": {"auth": "SECRET"}}}\n', "docker-config"),
    (".s3cfg", "[default]\nsecret_key = SECRET\n", "s3cfg"),
    (".ftpconfig", '{\n  "pass": "SECRET",\n  "port": 22\n}\n', "ftp-config"),
    ("sftp-config.json", '  "password": "SECRET",\n', "ftp-config"),
    (".vscode/sftp.json", '  "passphrase": "SECRET",\n', "ftp-config"),
    (".remote-sync.json", '  "password": "SECRET",\n', "ftp-config"),
    (".idea/WebServers.xml", '<fileTransfer host="h" password="SECRET"/>\n', "ide-password"),
    ("dbeaver-data-sources.xml", '<connection user="u" password="SECRET"/>\n', "ide-password"),
    ("robomongo.json", '  "userPassword" : "SECRET"\n', "robo3t"),
    ("filezilla/sitemanager.xml", "<Pass>SECRET</Pass>\n", "filezilla"),
    ("recentservers.xml", '<Pass encoding="base64">SECRET</Pass>\n', "filezilla"),
    ("wp-config.php", "define( 'DB_PASSWORD', 'SECRET' );\n", "wordpress"),
    ("wp-config.php", "define('NONCE_SALT',  'SECRET');\n", "wordpress"),
    (".esmtprc", 'username "a@b.c"\npassword "SECRET"\n', "mail-config"),
    (".muttrc", 'set imap_pass = "SECRET"\n', "mail-config"),
    ("postfix/sasl_passwd", "[smtp.h.io]:587 me@h.io:SECRET\n", "sasl-passwd"),
    (".kube/config", "users:\n- user:\n    password: SECRET\n", "kube-user"),
    ("jenkins/credentials.xml", "<apiToken>SECRET</apiToken>\n", "jenkins"),
    (".m2/settings.xml", "<password>SECRET</password>\n", "maven-settings"),
    ("gradle.properties", "signing.password=SECRET\n", "gradle-properties"),
    ("NuGet.Config", '<add key="ClearTextPassword" value="SECRET" />\n', "nuget-config"),
    (".cargo/credentials.toml", 'token = "SECRET"\n', "package-credentials"),
    (
        "profiles.yml",
        "p:\n  outputs:\n    dev:\n      type: x\n      password: SECRET\n",
        "dbt-profile",
    ),
    ("kaggle.json", '{"username":"me","key":"SECRET"}\n', "kaggle-json"),
    (".mlflow/credentials", "mlflow_tracking_password = SECRET\n", "mlflow-credentials"),
    ("clearml.conf", '  "secret_key" = "SECRET"\n', "clearml-conf"),
    ("trains.conf", '  secret_key: "SECRET"\n', "clearml-conf"),
    (".comet.config", "[comet]\napi_key=SECRET\n", "comet-config"),
    ("airflow.cfg", "[smtp]\nsmtp_password = SECRET\n", "airflow-cfg"),
    (".snowflake/connections.toml", '[prod]\npassword = "SECRET"\n', "snowflake-connection"),
    (".snowsql/config", "[connections]\npassword = SECRET\n", "snowflake-connection"),
    (".databrickscfg", "[DEFAULT]\npassword = SECRET\n", "databrickscfg"),
    (".streamlit/secrets.toml", 'db_password = "SECRET"\n', "streamlit-secrets"),
    (".vault_pass", "SECRET\n", "vault-file"),
    ("redis.conf", "requirepass SECRET\n", "redis-conf"),
    ("mongoid.yml", 'uri: "mongodb://app:SECRET@ds1.h.io:4/main"\n', "mongoid"),
    ("ventrilo_srv.ini", "AdminPassword=SECRET\n", "ventrilo"),
)


def rules(path: str, content: str) -> list[str]:
    text = text_of(path, content.encode())
    assert isinstance(text, Text)
    return [hit.rule for hit in scan([text], USING)]


@pytest.mark.parametrize(("path", "content", "rule"), STORES)
def test_a_weak_password_in_a_file_of_credentials_is_one(
    path: str, content: str, rule: str
) -> None:
    assert rules(path, content.replace("SECRET", WEAK)) == [rule]
    assert len(rules("deep/er/" + path, content.replace("SECRET", Maker(4).text(18) + "7"))) == 1


@pytest.mark.parametrize(("path", "content", "rule"), STORES)
def test_a_look_up_or_an_empty_value_in_it_is_none(path: str, content: str, rule: str) -> None:
    for nothing in ("${TOKEN}", "{{ env_var('X') }}", "<password>", "", "XXXXXX"):
        assert rule not in rules(path, content.replace("SECRET", nothing)), nothing


@pytest.mark.parametrize(("path", "content"), [store[:2] for store in STORES])
def test_the_same_line_elsewhere_is_judged_by_its_value(path: str, content: str) -> None:
    assert rules("notes/" + path.replace("/", "_") + ".tpl", content.replace("SECRET", WEAK)) == []


def shadow(maker: Maker) -> str:
    return f"daemon:*:17431:0:99999:7:::\nme:$6${maker.text(16)}${maker.text(86)}:17431:0:9:7:::\n"


def login(maker: Maker) -> str:
    kept = base64.b64encode(maker.text(48).encode()).decode()
    return f'"passwordField": "password",\n"encryptedPassword": "MDoE{kept}",\n'


FORMS: tuple[tuple[str, Callable[[Maker], str], str], ...] = (
    ("etc/shadow", shadow, "shadow"),
    (
        "ftpd.passwd",
        lambda m: f"me:$6${m.text(16)}${m.text(86)}:9:9::/home/me:/bin/sh\n",
        "shadow",
    ),
    (".htpasswd", lambda m: f"me:$apr1${m.text(8)}${m.text(22)}\n", "htpasswd"),
    (".htpasswd", lambda m: f"me:$2y$05${m.text(53)}\n", "htpasswd"),
    ("config/master.key", lambda m: m.text(32, LOWER_HEX) + "\n", "rails-master-key"),
    ("logins.json", login, "firefox-logins"),
    (".passwd-s3fs", lambda m: f"{m.text(20)}:{m.text(40)}\n", "s3fs"),
    ("pip.conf", lambda m: f"index-url = https://{m.text(32)}@h.io/simple\n", "pip-index-token"),
    (".condarc", lambda m: f"  - https://conda.h.io/t/{m.text(24)}/ml\n", "pip-index-token"),
    (".aws/credentials", lambda m: f"aws_session_token = {m.text(60)}\n", "aws-credentials"),
    ("keys.csv", lambda m: f"AKIA{m.text(16, 'ABCDEFGH234567')},{m.text(39)}/\n", "aws-key-csv"),
)


@pytest.mark.parametrize(("path", "make", "rule"), FORMS)
def test_values_with_a_form_of_their_own(
    path: str, make: Callable[[Maker], str], rule: str
) -> None:
    assert rule in rules(path, make(Maker(8)))


def test_public_halves_of_such_files_are_none() -> None:
    t = Maker(3).text
    clean = {
        "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nme:*:1:1::/:/bin/false\n",
        "etc/shadow": "root:!:17431:0:99999:7:::\ndaemon:*:17431:0:99999:7:::\n",
        ".git-credentials": "https://me@git.h.io\n",
        ".kube/config": f"clusters:\n- cluster:\n    certificate-authority-data: {t(300)}\n",
        "known_hosts": f"h.io ssh-ed25519 {t(68)}\n",
        "kaggle.json": '{"username": "me", "key": ""}\n',
        ".docker/config.json": '{"auths": {"h": {}}, "credsStore": "osxkeychain"}\n',
        "wp-config-sample.php": "define( 'AUTH_KEY', 'put your unique phrase here' );\n",
        "settings.xml": "<password>${env.TOKEN}</password>\n",
    }
    assert [path for path, text in clean.items() if rules(path, text)] == []


def test_a_docker_config_behind_base64_is_read() -> None:
    t = Maker(5).text
    auth = base64.b64encode(f"me:{t(14)}".encode()).decode()
    inner = f'{{"auths": {{"h.io": {{"auth": "{auth}"}}}}}}'
    wrapped = base64.b64encode(inner.encode()).decode()
    assert rules("pull.yaml", f"data:\n  .dockerconfigjson: {wrapped}\n") == ["docker-auth"]
