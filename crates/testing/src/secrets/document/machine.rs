//! Files of servers and machines: databases, networks, web applications.
use super::super::shape::draw;
use super::super::token;
use super::{Document, start};

pub(super) const DOCUMENTS: &[Document] = &[
    |random| {
        start("root/.pgpass").text("db-primary:5432:orders:app:").secret("pgpass-password", &draw("{a20}", random)).text("\n")
    },
    |random| {
        start("root/.my.cnf")
            .text("[client]\nuser=root\npassword=")
            .secret("mysql-client-password", &draw("{p18}", random))
            .text("\n")
    },
    |random| {
        start("root/.mylogin.ini")
            .text("[mysqldump]\nhost = db-primary\nuser = backup\npassword = \"")
            .secret("mysql-client-password", &draw("{p18}", random))
            .text("\"\n")
    },
    |random| {
        start("etc/wireguard/wg0.conf")
            .text("[Interface]\nAddress = 10.8.0.2/24\nPrivateKey = ")
            .secret("wireguard-private-key", &token::key_of_32_bytes(random))
            .text(&format!("\n\n[Peer]\nPublicKey = {}\nAllowedIPs = 0.0.0.0/0\nPresharedKey = ", token::key_of_32_bytes(random)))
            .secret("wireguard-preshared-key", &token::key_of_32_bytes(random))
            .text("\n")
    },
    |random| {
        start("etc/wpa_supplicant/wpa_supplicant.conf")
            .text("network={\n  ssid=\"warehouse\"\n  psk=\"")
            .secret("wifi-passphrase", &draw("{p16}", random))
            .text("\"\n}\n")
    },
    |random| {
        let text = "[connection]\nid=warehouse\ntype=wifi\n\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=";
        start("etc/NetworkManager/system-connections/warehouse.nmconnection")
            .text(text)
            .secret("wifi-passphrase", &draw("{p16}", random))
            .text("\n")
    },
    |random| {
        let text = "<?php\ndefine( 'DB_NAME', 'wordpress' );\ndefine( 'DB_USER', 'wordpress' );\ndefine( 'DB_PASSWORD', '";
        start("var/www/html/wp-config.php")
            .text(text)
            .secret("wordpress-database-password", &draw("{p18}", random))
            .text("' );\ndefine( 'DB_HOST', 'localhost' );\ndefine( 'AUTH_KEY', '")
            .secret("wordpress-salt", &draw("{p64}", random))
            .text("' );\n")
    },
    |random| {
        let text = "production:\n  adapter: postgresql\n  database: orders\n  username: orders\n  password: ";
        start("config/database.yml").text(text).secret("rails-database-password", &draw("{p18}", random)).text("\n  pool: 5\n")
    },
    |random| start("config/master.key").secret("rails-master-key", &draw("{h32}", random)),
    |random| {
        start("config/secrets.yml")
            .text("production:\n  secret_key_base: ")
            .secret("rails-secret-key-base", &draw("{h128}", random))
            .text("\n")
    },
    |random| {
        let text = "DATABASES = {\n    \"default\": {\n        \"ENGINE\": \"django.db.backends.postgresql\",\n        \"NAME\": \"orders\",\n        \"USER\": \"orders\",\n        \"PASSWORD\": \"";
        start("shop/settings.py")
            .text(text)
            .secret("django-database-password", &draw("{p18}", random))
            .text("\",\n        \"HOST\": \"db\",\n    }\n}\n")
    },
    |random| {
        let text = "<configuration>\n  <connectionStrings>\n    <add name=\"Main\" connectionString=\"";
        let value = draw("Server=sql-{h4};Database=orders;User Id=orders;Password={p18};", random);
        start("Web.config")
            .text(text)
            .secret("sqlserver-connection-string", &value)
            .text("\" />\n  </connectionStrings>\n</configuration>\n")
    },
    |random| {
        let text =
            "<configuration>\n  <system.web>\n    <machineKey validation=\"HMACSHA256\" decryption=\"AES\" validationKey=\"";
        let key = format!("{}\" decryptionKey=\"{}", draw("{H128}", random), draw("{H64}", random));
        start("wwwroot/web.config")
            .text(text)
            .secret("aspnet-machine-key", &key)
            .text("\" />\n  </system.web>\n</configuration>\n")
    },
    |random| {
        let text = "<tomcat-users>\n  <role rolename=\"manager-gui\"/>\n  <user username=\"deploy\" password=\"";
        start("conf/tomcat-users.xml")
            .text(text)
            .secret("tomcat-password", &draw("{p16}", random))
            .text("\" roles=\"manager-gui\"/>\n</tomcat-users>\n")
    },
    |random| {
        let text =
            "spring:\n  datasource:\n    url: jdbc:postgresql://db-primary:5432/orders\n    username: orders\n    password: ";
        start("src/main/resources/application.yml")
            .text(text)
            .secret("spring-datasource-password", &draw("{p18}", random))
            .text("\nserver:\n  port: 8080\n")
    },
    |random| {
        start("etc/redis/redis.conf")
            .text("bind 127.0.0.1\nmaxmemory 256mb\nrequirepass ")
            .secret("redis-config-password", &draw("{a32}", random))
            .text("\nappendonly yes\n")
    },
    |random| {
        let text = "[mail.acme-logistics.io]:587 deploy:";
        start("etc/postfix/sasl_passwd").text(text).secret("postfix-password", &draw("{a20}", random)).text("\n")
    },
    |random| {
        let text = "defaults\nauth on\ntls on\n\naccount main\nhost mail.acme-logistics.io\nuser deploy\npassword ";
        start("root/.msmtprc").text(text).secret("msmtp-password", &draw("{a20}", random)).text("\n")
    },
    |random| {
        let text = "#!/bin/sh\nset -eu\nsshpass -p '";
        start("bin/copy.sh")
            .text(text)
            .secret("sshpass-password", &draw("{p16}", random))
            .text("' scp build.tar deploy@10.0.4.17:/srv\n")
    },
    |random| {
        let text = "#!/bin/sh\ndocker login -u deploy -p ";
        start("bin/login.sh")
            .text(text)
            .secret("docker-login-password", &draw("{p18}", random))
            .text(" registry.acme-logistics.io\n")
    },
    |random| {
        let text = "#!/bin/sh\ncurl --fail -u deploy:";
        start("bin/upload.sh")
            .text(text)
            .secret("curl-user-password", &draw("{a20}", random))
            .text(" -T build.tar https://files.acme-logistics.io/build.tar\n")
    },
    |random| {
        let text = "#!/bin/sh\nmysqldump -h db-primary -u root -p";
        start("bin/dump.sh").text(text).secret("mysql-flag-password", &draw("{a16}", random)).text(" orders > orders.sql\n")
    },
    |random| {
        let text = "#!/bin/sh\nPGPASSWORD='";
        start("bin/restore.sh")
            .text(text)
            .secret("pgpassword", &draw("{p16}", random))
            .text("' psql -h db-primary -U app orders < orders.sql\n")
    },
    |random| {
        let text = "CREATE DATABASE orders;\nCREATE USER app WITH PASSWORD '";
        start("db/init.sql")
            .text(text)
            .secret("sql-create-user-password", &draw("{p16}", random))
            .text("';\nGRANT ALL ON DATABASE orders TO app;\n")
    },
    |random| {
        let text = "CREATE USER 'app'@'%' IDENTIFIED BY '";
        start("db/users.sql")
            .text(text)
            .secret("sql-identified-by-password", &draw("{p16}", random))
            .text("';\nFLUSH PRIVILEGES;\n")
    },
    |random| {
        let text = "{\n  \"type\": \"sftp\",\n  \"host\": \"10.0.4.17\",\n  \"user\": \"deploy\",\n  \"password\": \"";
        start("sftp-config.json")
            .text(text)
            .secret("sftp-config-password", &draw("{p16}", random))
            .text("\",\n  \"remote_path\": \"/srv\"\n}\n")
    },
    |random| {
        let text = "GET /v1/orders HTTP/1.1\nHost: api.acme-logistics.io\nAuthorization: Basic ";
        start("requests/orders.http")
            .text(text)
            .secret("http-basic-credentials", &token::basic_credentials(random))
            .text("\nAccept: application/json\n\n")
    },
    |random| {
        let text = "GET /v1/orders HTTP/1.1\nHost: api.acme-logistics.io\nAuthorization: Bearer ";
        start("requests/stock.http")
            .text(text)
            .secret("http-bearer-token", &token::json_web_token(random))
            .text("\nAccept: application/json\n\n")
    },
    |random| {
        let text = "FROM eclipse-temurin:21\nRUN keytool -importkeystore -noprompt -srcstorepass ";
        start("Dockerfile").text(text).secret("keytool-password", &draw("{a16}", random)).text(" -destkeystore /srv/store.jks\n")
    },
    |random| {
        let text = "FROM debian:12\nRUN echo 'root:";
        start("images/Dockerfile").text(text).secret("chpasswd-password", &draw("{p14}", random)).text("' | chpasswd\n")
    },
    |random| {
        let text = "[web]\n10.0.4.17 ansible_user=deploy ansible_password=";
        start("ansible/hosts.ini").text(text).secret("ansible-password", &draw("{p16}", random)).text("\n")
    },
    |random| {
        let text = "username=deploy\npassword=";
        start("root/.smbcredentials").text(text).secret("smb-password", &draw("{p16}", random)).text("\ndomain=ACME\n")
    },
    |random| {
        let text = "<config>\n  <clickhouse>\n    <users>\n      <default>\n        <password>";
        start("etc/clickhouse-server/users.xml")
            .text(text)
            .secret("clickhouse-password", &draw("{a20}", random))
            .text("</password>\n      </default>\n    </users>\n  </clickhouse>\n</config>\n")
    },
    |random| {
        let text = "listeners=SASL_SSL://:9093\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"app\" password=\"";
        start("conf/client.properties").text(text).secret("kafka-jaas-password", &draw("{p18}", random)).text("\";\n")
    },
];
