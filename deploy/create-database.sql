-- For psql, once, as a superuser: the user and the database of monitor's workers. The password stands in the environment,
-- as MONITOR_PASSWORD. compose.cluster.yaml has it done when the server is started for the first time.
\set ON_ERROR_STOP on
\set password ''
\getenv password MONITOR_PASSWORD
SELECT :'password' = '' AS is_missing \gset
\if :is_missing
DO $$ BEGIN RAISE EXCEPTION 'MONITOR_PASSWORD is not set'; END $$;
\endif

CREATE ROLE monitor LOGIN PASSWORD :'password';
-- `monitor cluster status` tells by it whether a second copy is in step.
GRANT pg_monitor TO monitor;
CREATE DATABASE monitor OWNER monitor TEMPLATE template0 ENCODING 'UTF8';
REVOKE CONNECT ON DATABASE monitor FROM PUBLIC;
