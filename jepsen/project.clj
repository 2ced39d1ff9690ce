(defproject shardforge.jepsen "0.1.0-SNAPSHOT"
  :description "Jepsen tests for ShardForge, a distributed SQL database"
  :license {:name "Apache License 2.0"
            :url  "https://www.apache.org/licenses/LICENSE-2.0"}
  :dependencies [[org.clojure/clojure "1.12.0"]
                 [jepsen "0.3.13"]
                 [com.github.seancorfield/next.jdbc "1.3.1048"]
                 [org.postgresql/postgresql "42.7.5"]]
  :main shardforge.jepsen.cli
  :repl-options {:init-ns shardforge.jepsen.cli}
  :jvm-opts ["-Xmx8g" "-server" "-Djava.awt.headless=true"])
