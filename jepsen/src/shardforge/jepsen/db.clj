(ns shardforge.jepsen.db
  "Installs, starts, stops, kills and pauses nodes."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.tools.logging :refer [info]]
            [jepsen [control :as c]
                    [core :as jepsen]
                    [db :as db]
                    [util :as util :refer [meh]]]
            [jepsen.control.util :as cu]
            [clj-commons.slingshot :refer [try+ throw+]]))

(def dir      "Where the database is installed."  "/opt/shardforge")
(def store    "Where it keeps its data."          "/var/lib/shardforge/store")
(def log-dir  "Where its output goes."            "/var/log/shardforge")
(def log-file (str log-dir "/shardforge.log"))
(def pid-file "/run/shardforge/shardforge.pid")
(def stamp    "Names the tarball that is installed." (str dir "/.tarball"))
(def process
  "A pattern of the process's command line, and of no shell's whose command
  contains the pattern itself."
  "[i]o.shardforge.server.Main start")

(def node-port 17432)
(def pg-port   15432)
(def http-port 18080)

(def replication-factor
  "Replicas of each shard, as the cluster has it unless told otherwise."
  3)

(def node-command-seconds
  "How long a command about nodes may take. The nemesis does nothing else
  meanwhile."
  30)

(defn address
  [node port]
  (str node ":" port))

(defn fingerprint
  "What tells one tarball from another: its URL, or the size and time of a file
  on the control node."
  [tarball]
  (let [file (io/file tarball)]
    (if (.exists file)
      (str tarball " " (.length file) " " (.lastModified file))
      tarball)))

(defn install!
  "Puts the tarball in place, unless it is there already. It is a URL as
  `jepsen.control.util/install-archive!` takes it, or a file of the control
  node, which is uploaded."
  [test]
  (let [tarball (:tarball test)
        print   (fingerprint tarball)]
    (when-not (= print (meh (c/exec :cat stamp)))
      (info "Installing" tarball)
      (c/exec :mkdir :-p dir cu/tmp-dir-base)
      ; The directory itself may be a mount point, so only its contents are
      ; replaced.
      (c/exec :find dir :-mindepth 1 :-delete)
      (let [unpacked (str cu/tmp-dir-base "/shardforge")
            url      (if (re-find #"^(https?|file)://" tarball)
                       tarball
                       (let [file (str cu/tmp-dir-base "/shardforge.tgz")]
                         (c/upload tarball file)
                         (str "file://" file)))]
        (cu/install-archive! url unpacked)
        (c/exec :cp :-a (str unpacked "/.") dir)
        (c/exec :rm :-rf unpacked))
      (cu/write-file! print stamp))))

(defn java-env
  [test]
  (cond-> {:SHARDFORGE_JAVA_OPTS (str "-Xmx" (:heap test))}
    (:java-home test) (assoc :JAVA_HOME (:java-home test))))

(defn start-node!
  "Starts the process; it does not wait for it."
  [test node]
  (c/su
    (c/exec :mkdir :-p store log-dir "/run/shardforge")
    (cu/start-daemon!
      {:chdir             dir
       :logfile           log-file
       :pidfile           pid-file
       :match-executable? false
       :env               (java-env test)}
      (str dir "/shardforge")
      :start
      :--insecure
      :--store  store
      :--listen (address node node-port)
      :--pg     (address node pg-port)
      :--http   (address node http-port)
      :--cache  "128MiB"
      :--sql-memory "128MiB"
      :--join   (str/join "," (map #(address % node-port) (:nodes test))))))

(defn node-command!
  "Has a node carry out `shardforge node …` for the cluster, itself run on that
  node; returns what the command prints, throws if it does not succeed within
  half a minute or so."
  [test node & args]
  (get (c/on-nodes test [node]
                   (fn [test node]
                     (c/exec (c/env (assoc (java-env test)
                                           :SHARDFORGE_JAVA_OPTS "-Xmx128m"))
                             :timeout :-k 1 node-command-seconds
                             (str dir "/shardforge") :node args
                             :--host node :--port pg-port)))
       node))

(defn init!
  "Makes a cluster of the nodes that were started."
  [test node]
  (util/await-fn
    (fn []
      (try+
        (c/exec (c/env (java-env test)) (str dir "/shardforge")
                :init :--host (address node node-port))
        (catch [:type :jepsen.control/nonzero-exit] e
          (when-not (re-find #"(?i)already" (str (:err e) (:out e)))
            (throw+ e)))))
    {:log-message    "Waiting for the cluster to be made"
     :retry-interval 2000
     :timeout        180000}))

(defn signal!
  "Sends a signal to the process; does nothing if there is none."
  [signal]
  (try+ (c/exec :pkill (str "-" (name signal)) :-f process)
        (catch [:type :jepsen.control/nonzero-exit, :exit 1] _
          :no-process)))

(defn running?
  []
  (try+ (c/exec :pgrep :-f process)
        true
        (catch [:type :jepsen.control/nonzero-exit, :exit 1] _
          false)))

(defn kill-node!
  "Kills the process and waits for its end."
  []
  (c/su
    (signal! :KILL)
    (util/await-fn (fn [] (when (running?) (throw+ {:type ::still-running})))
                   {:retry-interval 100
                    :log-interval   10000
                    :log-message    "Waiting for the process to be gone"
                    :timeout        30000})
    (c/exec :rm :-f pid-file))
  :killed)

(defn wipe!
  "Deletes what the node has stored."
  []
  (c/su
    (c/exec :mkdir :-p store)
    (c/exec :find store :-mindepth 1 :-delete)))

(defprotocol Members
  "Hosts without a node of the cluster: they are not started until they join."
  (remove! [db test node] "Stops the node for good, with all that it has stored.")
  (join!   [db test node] "Starts a node with nothing in its store there."))

(defrecord DB [absent]
  db/DB
  (setup! [this test node]
    (swap! absent disj node)
    (c/su
      (install! test)
      (start-node! test node)
      (jepsen/synchronize test 240)
      (when (= node (jepsen/primary test))
        (init! test node))
      (jepsen/synchronize test 240)
      (cu/await-tcp-port node pg-port {:timeout 120000})))

  (teardown! [this test node]
    (c/su
      (kill-node!)
      (c/exec :mkdir :-p store log-dir)
      (c/exec :find store log-dir :-mindepth 1 :-delete)))

  db/LogFiles
  (log-files [this test node]
    {log-file "shardforge.log"})

  db/Kill
  (start! [this test node]
    (if (@absent node)
      :not-a-member
      (start-node! test node)))
  (kill! [this test node]
    (kill-node!))

  db/Pause
  (pause! [this test node]
    (c/su (signal! :STOP))
    :paused)
  (resume! [this test node]
    (c/su (signal! :CONT))
    :resumed)

  Members
  (remove! [this test node]
    (swap! absent conj node)
    (kill-node!)
    (wipe!)
    :removed)
  (join! [this test node]
    (swap! absent disj node)
    (start-node! test node)))

(defn db
  "The database under test."
  []
  (DB. (atom #{})))
