//! Passwords of databases, queues and mail servers, alone and inside addresses.
use super::{Kind, named, telling};

pub(super) const KINDS: &[Kind] = &[
    telling(
        "postgres-url",
        "database url|postgres url",
        "postgres://{=app|orders|shop}:{a20}@db-{h4}.internal:5432/{=app|orders|shop}",
    ),
    telling(
        "postgresql-url-with-options",
        "database url|pg uri",
        "postgresql://svc_{z5}:{a18}@10.{d2}.4.17:5432/main?sslmode=require",
    ),
    telling("mysql-url", "database url|mysql url", "mysql://{=root|app|wiki}:{a18}@mysql-primary:3306/{z6}"),
    telling("mysql-url-with-driver", "sqlalchemy database uri", "mysql+pymysql://{z6}:{a18}@mysql.internal/{z6}"),
    telling(
        "mongodb-url",
        "mongo url|mongodb uri",
        "mongodb://{z7}:{a22}@mongo-0.mongo:27017,mongo-1.mongo:27017/{z6}?replicaSet=rs0",
    ),
    telling("mongodb-srv-url", "mongodb uri|mongo uri", "mongodb+srv://{z7}:{a16}@cluster0.{l5}.mongodb.net/{z6}"),
    telling("redis-url", "redis url", "redis://:{a32}@redis-master:6379/0"),
    telling("rediss-url", "redis tls url", "rediss://default:{a28}@cache-{h4}.internal:6380"),
    telling("amqp-url", "amqp url|rabbitmq url|celery broker url", "amqp://{z6}:{a20}@rabbitmq:5672/{z5}"),
    telling("clickhouse-url", "clickhouse url", "clickhouse://{z7}:{a20}@clickhouse.internal:9440/{z6}?secure=true"),
    telling("ftp-url", "ftp url|upload target", "ftp://{z7}:{a14}@ftp.acme-logistics.io/outbox"),
    telling("smtp-url", "smtp url|mailer dsn|mailer url", "smtp://{z7}:{a20}@mail.acme-logistics.io:587"),
    telling("ldap-bind-url", "ldap url", "ldap://cn-{z6}:{a16}@ldap.internal:389"),
    telling("https-url-with-password", "index url|repository url", "https://{z7}:{a20}@packages.acme-logistics.io/simple"),
    telling("git-url-with-password", "git url|repo url", "https://{z7}:{a20}@git.acme-logistics.io/platform/api.git"),
    telling(
        "jdbc-postgres-url",
        "jdbc url|spring datasource url",
        "jdbc:postgresql://db-primary:5432/{z6}?user={z6}&password={a20}",
    ),
    telling(
        "jdbc-sqlserver-url",
        "jdbc url",
        "jdbc:sqlserver://sql-{h4}.internal:1433;databaseName={z6};user=sa;password={p18};encrypt=true",
    ),
    telling(
        "sqlserver-connection-string",
        "connection string|default connection",
        "Server=tcp:sql-{h4}.internal,1433;Initial Catalog={z6};User ID={z6};Password={p18};Encrypt=True",
    ),
    telling(
        "postgres-connection-string",
        "connection string",
        "Host=db-{h4}.internal;Port=5432;Database={z6};Username={z6};Password={p16}",
    ),
    telling(
        "libpq-connection-string",
        "pg dsn",
        "host=db-{h4}.internal port=5432 dbname={z6} user={z6} password={a20} sslmode=require",
    ),
    named("postgres-password", "postgres password|pg password|db password", "{p16}"),
    named("mysql-password", "mysql password|mysql root password|db pass", "{p18}"),
    named("redis-password", "redis password", "{a32}"),
    named("rabbitmq-password", "rabbitmq default pass|rabbitmq password", "{a20}"),
    named("smtp-password", "smtp password|mail password|email host password", "{p16}"),
    named("ldap-bind-password", "ldap bind password", "{p18}"),
    named("keystore-password", "keystore password|ssl keystore password", "{p14}"),
    named("minio-root-password", "minio root password|minio secret key", "{a24}"),
    named("elasticsearch-password", "elastic password|elasticsearch password", "{a20}"),
    named("neo4j-password", "neo4j password", "{p16}"),
    named("influxdb-token", "influxdb token|influx token", "{w86}=="),
];
