<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>ActivityModel</name>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Durée</translation>
    </message>
</context>
<context>
    <name>ActivityPane</name>
    <message>
        <source>Filter</source>
        <translation>Filtrer</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tout</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>Échecs</translation>
    </message>
    <message>
        <source>Follow newest</source>
        <translation>Suivre la fin</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Activité</translation>
    </message>
    <message>
        <source>Float the activity pane</source>
        <translation>Détacher le volet d’activité</translation>
    </message>
    <message>
        <source>Hide activity</source>
        <translation>Masquer l’activité</translation>
    </message>
    <message>
        <source>No record matches this filter.</source>
        <translation>Aucun enregistrement ne correspond à ce filtre.</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Effacer les filtres</translation>
    </message>
    <message>
        <source>What Rollcall does to each person appears here as it happens.</source>
        <translation>Ce que Rollcall fait pour chaque personne apparaît ici au fur et à mesure.</translation>
    </message>
</context>
<context>
    <name>AddressBox</name>
    <message>
        <source>name@company.com</source>
        <translation>nom@societe.com</translation>
    </message>
    <message>
        <source>Remove {address}</source>
        <translation>Retirer {address}</translation>
    </message>
</context>
<context>
    <name>AssignDialog</name>
    <message>
        <source>Assign a person or group to {application}</source>
        <translation>Affecter une personne ou un groupe à {application}</translation>
    </message>
    <message>
        <source>&amp;Assign</source>
        <translation>&amp;Affecter</translation>
    </message>
    <message>
        <source>Beginning of a name or an address</source>
        <translation>Début d’un nom ou d’une adresse</translation>
    </message>
    <message>
        <source>Person or group</source>
        <translation>Personne ou groupe</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>People and groups found</source>
        <translation>Personnes et groupes trouvés</translation>
    </message>
    <message>
        <source>Type to search the directory.</source>
        <translation>Tapez pour chercher dans l’annuaire.</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rôle</translation>
    </message>
    <message>
        <source>Default Access is not offered: it gives nobody an account.</source>
        <translation>Default Access n’est pas proposé : il ne donne de compte à personne.</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Recherche…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln trouvé</numerusform>
            <numerusform>%Ln trouvés</numerusform>
        </translation>
    </message>
    <message>
        <source>No person and no group begins with “{text}”.</source>
        <translation>Aucune personne et aucun groupe ne commence par « {text} ».</translation>
    </message>
    <message>
        <source>Nothing could be searched.</source>
        <translation>La recherche n’a pas pu se faire.</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>not a security group</source>
        <translation>pas un groupe de sécurité</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Invité</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>disabled in Entra</source>
        <translation>désactivé dans Entra</translation>
    </message>
    <message>
        <source>Choose a person or a group from the list.</source>
        <translation>Choisissez une personne ou un groupe dans la liste.</translation>
    </message>
    <message>
        <source>Assigning {name}…</source>
        <translation>Affectation de {name}…</translation>
    </message>
    <message>
        <source>{name} has the role {role} already.</source>
        <translation>{name} a déjà le rôle {role}.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Rien n’a été changé.</translation>
    </message>
</context>
<context>
    <name>AssignmentChanges</name>
    <message>
        <source>{application} has no role to give, only Default Access</source>
        <translation>{application} n’a aucun rôle à donner, seulement Default Access</translation>
    </message>
    <message>
        <source>Default Access gives nobody an account. Create a role, then assign people and groups with it.</source>
        <translation>Default Access ne donne de compte à personne. Créez un rôle, puis affectez des personnes et des groupes avec lui.</translation>
    </message>
    <message>
        <source>Create a role…</source>
        <translation>Créer un rôle…</translation>
    </message>
    <message>
        <source>The role {role} was created</source>
        <translation>Le rôle {role} a été créé</translation>
    </message>
    <message>
        <source>Assign people and groups with it now.</source>
        <translation>Affectez maintenant des personnes et des groupes avec lui.</translation>
    </message>
    <message>
        <source>Microsoft needs some minutes until it can be assigned.</source>
        <translation>Microsoft a besoin de quelques minutes avant qu’il puisse être affecté.</translation>
    </message>
    <message>
        <source>{name} has the role {role} now</source>
        <translation>{name} a maintenant le rôle {role}</translation>
    </message>
    <message>
        <source>Take the role {role} from {name}?</source>
        <translation>Retirer le rôle {role} à {name} ?</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Garder</translation>
    </message>
    <message>
        <source>Unassign</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>{name} no longer has the role {role}</source>
        <translation>{name} n’a plus le rôle {role}</translation>
    </message>
    <message>
        <source>Taking the assignment of {name} away…</source>
        <translation>Retrait de l’affectation de {name}…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler ce changement</translation>
    </message>
    <message>
        <source>Undoing…</source>
        <translation>Annulation…</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>Changement annulé</translation>
    </message>
    <message>
        <source>request {id}</source>
        <translation>requête {id}</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>Se connecter…</translation>
    </message>
    <message>
        <source>The list below may show it some minutes later.</source>
        <translation>La liste ci-dessous peut le montrer quelques minutes plus tard.</translation>
    </message>
</context>
<context>
    <name>AssignmentPage</name>
    <message>
        <source>Application &amp; assignment</source>
        <translation>Application et affectation</translation>
    </message>
    <message>
        <source>Choose the enterprise application in Entra. The people and groups assigned to it get a GoToMeeting account if their role is a real one; Default Access does not count.</source>
        <translation>Choisissez l’application d’entreprise dans Entra. Les personnes et les groupes qui y sont affectés reçoivent un compte GoToMeeting si leur rôle est un vrai rôle&#xa0;; Default Access ne suffit pas.</translation>
    </message>
    <message>
        <source>Type the name of the application</source>
        <translation>Saisissez le nom de l’application</translation>
    </message>
    <message>
        <source>Enterprise application</source>
        <translation>Application d’entreprise</translation>
    </message>
    <message>
        <source>Who is assigned</source>
        <translation>Qui est affecté</translation>
    </message>
    <message>
        <source>Search people and groups</source>
        <translation>Chercher des personnes et des groupes</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Actualiser</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rôle</translation>
    </message>
    <message>
        <source>Gets a GoToMeeting account</source>
        <translation>Reçoit un compte GoToMeeting</translation>
    </message>
    <message numerus="yes">
        <source>%Ln assignments</source>
        <translation>
            <numerusform>%Ln affectation</numerusform>
            <numerusform>%Ln affectations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln roles</source>
        <translation>
            <numerusform>%Ln rôle</numerusform>
            <numerusform>%Ln rôles</numerusform>
        </translation>
    </message>
    <message>
        <source>Unassign</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Assign…</source>
        <translation>Affecter…</translation>
    </message>
    <message>
        <source>Reading the applications…</source>
        <translation>Lecture des applications…</translation>
    </message>
    <message>
        <source>No enterprise application begins with “{text}”.</source>
        <translation>Aucune application d’entreprise ne commence par «&#xa0;{text}&#xa0;».</translation>
    </message>
    <message>
        <source>Searching the applications…</source>
        <translation>Recherche des applications…</translation>
    </message>
    <message>
        <source>Reading who is assigned…</source>
        <translation>Lecture des affectations…</translation>
    </message>
    <message>
        <source>{count} people so far…</source>
        <translation>{count} personnes jusqu’ici…</translation>
    </message>
    <message>
        <source>Nobody is assigned to {application}.</source>
        <translation>Personne n’est affecté à {application}.</translation>
    </message>
    <message>
        <source>&lt;b&gt;1&lt;/b&gt; person will be provisioned</source>
        <translation>&lt;b&gt;1&lt;/b&gt; personne sera approvisionnée</translation>
    </message>
    <message>
        <source>&lt;b&gt;{count}&lt;/b&gt; people will be provisioned</source>
        <translation>&lt;b&gt;{count}&lt;/b&gt; personnes seront approvisionnées</translation>
    </message>
    <message>
        <source>&lt;b&gt;1&lt;/b&gt; person first, {count} after that</source>
        <translation>&lt;b&gt;1&lt;/b&gt; personne d’abord, {count} ensuite</translation>
    </message>
    <message numerus="yes">
        <source>%Ln are assigned twice</source>
        <translation>
            <numerusform>%Ln est affectée deux fois</numerusform>
            <numerusform>%Ln sont affectées deux fois</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} will not, with the reason above</source>
        <translation>{count} ne le seront pas, pour la raison indiquée ci-dessus</translation>
    </message>
    <message>
        <source>Count nested groups (adds {count} people)</source>
        <translation>Compter les groupes imbriqués (ajoute {count} personnes)</translation>
    </message>
</context>
<context>
    <name>ChangeDialog</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annuler</translation>
    </message>
    <message>
        <source>request {id}</source>
        <translation>requête {id}</translation>
    </message>
    <message>
        <source>Sign in here as somebody who may manage the application in Entra; Microsoft then asks for the permission.</source>
        <translation>Connectez-vous ici avec quelqu’un qui peut gérer l’application dans Entra ; Microsoft demande alors l’autorisation.</translation>
    </message>
</context>
<context>
    <name>ChangesView</name>
    <message>
        <source>No properties were modified.</source>
        <translation>Aucune propriété n’a été modifiée.</translation>
    </message>
    <message>
        <source>{attribute}: {old} becomes {new}</source>
        <translation>{attribute} : {old} devient {new}</translation>
    </message>
</context>
<context>
    <name>ChartCard</name>
    <message>
        <source>Created</source>
        <translation>Créés</translation>
    </message>
    <message>
        <source>Updated</source>
        <translation>Mis à jour</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>Désactivés</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échecs</translation>
    </message>
    <message numerus="yes">
        <source>Last %Ln cycles</source>
        <translation>
            <numerusform>Dernier cycle</numerusform>
            <numerusform>%Ln derniers cycles</numerusform>
        </translation>
    </message>
    <message>
        <source>The cycle failed</source>
        <translation>Le cycle a échoué</translation>
    </message>
</context>
<context>
    <name>CheckRow</name>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Stop counting people</source>
        <translation>Arrêter de compter les personnes</translation>
    </message>
</context>
<context>
    <name>ClosedActivity</name>
    <message>
        <source>Show activity</source>
        <translation>Afficher l’activité</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Activité</translation>
    </message>
</context>
<context>
    <name>ConnectionPage</name>
    <message>
        <source>Connection test</source>
        <translation>Test de connexion</translation>
    </message>
    <message>
        <source>Rollcall tries every step it will later rely on. Each line says what was found and, if something is missing, what to do about it.</source>
        <translation>Rollcall essaie chaque étape dont il aura besoin. Chaque ligne dit ce qui a été trouvé et, s’il manque quelque chose, ce qu’il faut faire.</translation>
    </message>
    <message>
        <source>Back to &amp;credentials</source>
        <translation>Revenir aux &amp;identifiants</translation>
    </message>
    <message>
        <source>&amp;Test again</source>
        <translation>&amp;Tester à nouveau</translation>
    </message>
    <message>
        <source>Copy &amp;report</source>
        <translation>Copier le &amp;rapport</translation>
    </message>
    <message>
        <source>Both sides are tested at the same time. Nothing is written.</source>
        <translation>Les deux côtés sont testés en même temps. Rien n’est écrit.</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>Pas encore testé</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Essai en cours…</translation>
    </message>
    <message>
        <source>{name}: {fact}</source>
        <translation>{name} : {fact}</translation>
    </message>
    <message>
        <source>1 problem</source>
        <translation>1 problème</translation>
    </message>
    <message>
        <source>{count} problems</source>
        <translation>{count} problèmes</translation>
    </message>
    <message>
        <source>Passed, with advice</source>
        <translation>Réussi, avec des conseils</translation>
    </message>
    <message>
        <source>All {total} passed</source>
        <translation>Les {total} sont réussis</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} sur {total}</translation>
    </message>
</context>
<context>
    <name>CountTiles</name>
    <message>
        <source>Created</source>
        <translation>Créés</translation>
    </message>
    <message>
        <source>Linked</source>
        <translation>Liés</translation>
    </message>
    <message>
        <source>Updated</source>
        <translation>Mis à jour</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>Désactivés</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Ignorés</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échecs</translation>
    </message>
</context>
<context>
    <name>DriftCard</name>
    <message>
        <source>Nothing changed in Entra. Repair writes back what should be, in a cycle that starts now; Accept leaves it until the person changes in Entra. Select people to decide about them alone.</source>
        <translation>Rien n’a changé dans Entra. Réparer rétablit ce qui devrait être, dans un cycle qui commence maintenant ; Accepter laisse tel quel jusqu’à un changement de la personne dans Entra. Sélectionnez des personnes pour ne décider que d’elles.</translation>
    </message>
    <message>
        <source>Accounts changed by hand</source>
        <translation>Comptes modifiés à la main</translation>
    </message>
    <message numerus="yes">
        <source>%Ln accounts were changed by hand in GoTo</source>
        <translation>
            <numerusform>%Ln compte a été modifié à la main dans GoTo</numerusform>
            <numerusform>%Ln comptes ont été modifiés à la main dans GoTo</numerusform>
        </translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>Attribute</source>
        <translation>Attribut</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Actuellement</translation>
    </message>
    <message>
        <source>Should be</source>
        <translation>Devrait être</translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>En afficher %Ln de plus</numerusform>
            <numerusform>En afficher %Ln de plus</numerusform>
        </translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Compte</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>supprimé</translation>
    </message>
    <message>
        <source>no seat</source>
        <translation>aucune licence</translation>
    </message>
    <message>
        <source>Seat</source>
        <translation>Licence</translation>
    </message>
    <message numerus="yes">
        <source>Repair %Ln accounts</source>
        <translation>
            <numerusform>Réparer %Ln compte</numerusform>
            <numerusform>Réparer %Ln comptes</numerusform>
        </translation>
    </message>
    <message>
        <source>Repair all</source>
        <translation>Tout réparer</translation>
    </message>
    <message numerus="yes">
        <source>Accept %Ln accounts</source>
        <translation>
            <numerusform>Accepter %Ln compte</numerusform>
            <numerusform>Accepter %Ln comptes</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept all</source>
        <translation>Tout accepter</translation>
    </message>
</context>
<context>
    <name>EveryoneQuestion</name>
    <message>
        <source>Provision everyone</source>
        <translation>Approvisionner tout le monde</translation>
    </message>
    <message>
        <source>Provision everyone who is assigned to the application?</source>
        <translation>Approvisionner toutes les personnes affectées à l’application ?</translation>
    </message>
    <message>
        <source>A cycle starts now: it counts these people and gives each of them an account and a seat in GoTo. Stop ends it at any time; what was written stays written.</source>
        <translation>Un cycle démarre aussitôt : il compte ces personnes et donne à chacune un compte et une licence dans GoTo. Arrêter y met fin à tout moment ; ce qui est écrit reste écrit.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>FailuresCard</name>
    <message>
        <source>Show failures</source>
        <translation>Afficher les échecs</translation>
    </message>
    <message numerus="yes">
        <source>%Ln people could not be provisioned</source>
        <translation>
            <numerusform>%Ln personne n’a pas pu être approvisionnée</numerusform>
            <numerusform>%Ln personnes n’ont pas pu être approvisionnées</numerusform>
        </translation>
    </message>
    <message>
        <source>; </source>
        <translation> ; </translation>
    </message>
    <message>
        <source>{cause}: {count}</source>
        <translation>{cause}&#xa0;: {count}</translation>
    </message>
    <message>
        <source>The cycle goes on for everyone else.</source>
        <translation>Le cycle continue pour les autres.</translation>
    </message>
</context>
<context>
    <name>HealthCard</name>
    <message>
        <source>Show failures</source>
        <translation>Afficher les échecs</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Essayer maintenant</translation>
    </message>
    <message>
        <source>Sign in again…</source>
        <translation>Se reconnecter…</translation>
    </message>
    <message>
        <source>Provision everyone…</source>
        <translation>Approvisionner tout le monde…</translation>
    </message>
    <message>
        <source>Show the account</source>
        <translation>Afficher le compte</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Next cycle in</source>
        <translation>Prochain cycle dans</translation>
    </message>
    <message numerus="yes">
        <source>every %Ln minutes</source>
        <translation>
            <numerusform>chaque minute</numerusform>
            <numerusform>toutes les %Ln minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HealthWording</name>
    <message numerus="yes">
        <source>%Ln people could not be provisioned</source>
        <translation>
            <numerusform>%Ln personne n’a pas pu être approvisionnée</numerusform>
            <numerusform>%Ln personnes n’ont pas pu être approvisionnées</numerusform>
        </translation>
    </message>
    <message>
        <source>Everybody else is up to date. {checked}</source>
        <translation>Toutes les autres sont à jour. {checked}</translation>
    </message>
    <message>
        <source>No cycle starts by itself. Sync now still writes to GoTo. {checked}</source>
        <translation>Aucun cycle ne démarre seul. Synchroniser écrit tout de même dans GoTo. {checked}</translation>
    </message>
    <message>
        <source>Provisioning is off</source>
        <translation>L’approvisionnement est arrêté</translation>
    </message>
    <message>
        <source>The last cycle was stopped</source>
        <translation>Le dernier cycle a été arrêté</translation>
    </message>
    <message>
        <source>What was written stays written; the next cycle goes on from there.</source>
        <translation>Ce qui est écrit reste écrit&#x202f;; le prochain cycle reprend de là.</translation>
    </message>
    <message>
        <source>Everything that changed in Entra is in GoTo</source>
        <translation>Tout ce qui a changé dans Entra est dans GoTo</translation>
    </message>
    <message>
        <source>Everyone who should have GoToMeeting has it</source>
        <translation>Toutes les personnes prévues ont GoToMeeting</translation>
    </message>
    <message>
        <source>Nobody has GoToMeeting yet. Everybody else waits for you</source>
        <translation>Personne n’a encore GoToMeeting. Tous les autres vous attendent</translation>
    </message>
    <message>
        <source>{name} has GoToMeeting. Everybody else waits for you</source>
        <translation>{name} a GoToMeeting. Tous les autres vous attendent</translation>
    </message>
    <message>
        <source>The first people have GoToMeeting. Everybody else waits for you</source>
        <translation>Les premières personnes ont GoToMeeting. Toutes les autres vous attendent</translation>
    </message>
    <message>
        <source>No cycle has run yet</source>
        <translation>Aucun cycle n’a encore eu lieu</translation>
    </message>
    <message>
        <source>Sync now to create the first accounts.</source>
        <translation>Synchronisez pour créer les premiers comptes.</translation>
    </message>
    <message>
        <source>No cycle has run yet. Switch provisioning on to create the first accounts.</source>
        <translation>Aucun cycle n’a encore eu lieu. Activez l’approvisionnement pour créer les premiers comptes.</translation>
    </message>
    <message>
        <source>Microsoft cannot be reached since {time}</source>
        <translation>Microsoft est injoignable depuis {time}</translation>
    </message>
    <message>
        <source>GoTo cannot be reached since {time}</source>
        <translation>GoTo est injoignable depuis {time}</translation>
    </message>
    <message>
        <source>A service cannot be reached since {time}</source>
        <translation>Un service est injoignable depuis {time}</translation>
    </message>
    <message>
        <source>Nothing is lost; Rollcall tries again with the next cycle.</source>
        <translation>Rien n’est perdu&#xa0;; nouvel essai au prochain cycle.</translation>
    </message>
    <message>
        <source>Nothing is lost; Rollcall tries again within a minute.</source>
        <translation>Rien n’est perdu&#xa0;; nouvel essai dans moins d’une minute.</translation>
    </message>
    <message numerus="yes">
        <source>Nothing is lost; Rollcall tries again in %n minutes.</source>
        <translation>
            <numerusform>Rien n’est perdu&#xa0;; nouvel essai dans %n minute.</numerusform>
            <numerusform>Rien n’est perdu&#xa0;; nouvel essai dans %n minutes.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody has lost anything.</source>
        <translation>Personne n’a rien perdu.</translation>
    </message>
    <message>
        <source>Sign in again to go on.</source>
        <translation>Reconnectez-vous pour continuer.</translation>
    </message>
    <message>
        <source>Rollcall tries again {time}, or as soon as you have replaced it.</source>
        <translation>Rollcall réessaie {time}, ou dès que vous l’avez remplacé.</translation>
    </message>
    <message>
        <source>Rollcall tries again {time}, or as soon as you have signed in.</source>
        <translation>Rollcall réessaie {time}, ou dès que vous vous serez connecté.</translation>
    </message>
    <message>
        <source>Rollcall tries again {time}.</source>
        <translation>Rollcall réessaie {time}.</translation>
    </message>
    <message>
        <source>Cycles are paused: the Microsoft client secret has expired</source>
        <translation>Cycles en pause : le secret client Microsoft a expiré</translation>
    </message>
    <message>
        <source>Cycles are paused: Microsoft refuses the sign-in</source>
        <translation>Cycles en pause : Microsoft refuse la connexion</translation>
    </message>
    <message>
        <source>Cycles are paused: GoTo refuses the sign-in</source>
        <translation>Cycles en pause : GoTo refuse la connexion</translation>
    </message>
    <message>
        <source>Cycles are paused since {time}</source>
        <translation>Cycles en pause depuis {time}</translation>
    </message>
    <message>
        <source>Make a new secret in Entra (App registrations, Certificates &amp; secrets), then replace it here.</source>
        <translation>Créez un nouveau secret dans Entra (Inscriptions d’applications, Certificats et secrets), puis remplacez-le ici.</translation>
    </message>
    <message>
        <source>The {time} cycle failed</source>
        <translation>Le cycle de {time} a échoué</translation>
    </message>
    <message>
        <source>cycle {id}</source>
        <translation>cycle {id}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln changes made</source>
        <translation>
            <numerusform>%Ln modification</numerusform>
            <numerusform>%Ln modifications</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln accounts taken over</source>
        <translation>
            <numerusform>%Ln compte repris</numerusform>
            <numerusform>%Ln comptes repris</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln échec</numerusform>
            <numerusform>%Ln échecs</numerusform>
        </translation>
    </message>
    <message>
        <source>none failed</source>
        <translation>aucun échec</translation>
    </message>
    <message>
        <source>{people} at {time} in {took}. {results}.</source>
        <translation>{people} à {time} en {took}. {results}.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln people checked</source>
        <translation>
            <numerusform>%Ln personne vérifiée</numerusform>
            <numerusform>%Ln personnes vérifiées</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <source>Keep everyone</source>
        <translation>Garder tout le monde</translation>
    </message>
    <message>
        <source>Keep everyone if this is a mistake: put the assignment right in Entra, then sync. Release if these people should go: they lose their seat in a cycle that starts now.</source>
        <translation>Gardez tout le monde si c’est une erreur&#xa0;: corrigez l’affectation dans Entra, puis synchronisez. Autorisez si ces personnes doivent partir&#xa0;: elles perdent leur licence dans un cycle qui démarre aussitôt.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln removals are waiting for your decision</source>
        <translation>
            <numerusform>%Ln retrait attend votre décision</numerusform>
            <numerusform>%Ln retraits attendent votre décision</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release %Ln removals…</source>
        <translation>
            <numerusform>Autoriser %Ln retrait…</numerusform>
            <numerusform>Autoriser %Ln retraits…</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody has lost anything.</source>
        <translation>Personne n’a rien perdu.</translation>
    </message>
    <message>
        <source>Its {creates} and {updates} were made.</source>
        <translation>Il a fait {creates} et {updates}.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln creates</source>
        <translation>
            <numerusform>%Ln création</numerusform>
            <numerusform>%Ln créations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln updates</source>
        <translation>
            <numerusform>%Ln mise à jour</numerusform>
            <numerusform>%Ln mises à jour</numerusform>
        </translation>
    </message>
    <message>
        <source>The {time} cycle found nobody in Entra, which is rarely meant.</source>
        <translation>Le cycle de {time} n’a trouvé personne dans Entra, ce qui est rarement voulu.</translation>
    </message>
    <message>
        <source>The {time} cycle wanted to disable {accounts}</source>
        <translation>Le cycle de {time} voulait désactiver {accounts}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln accounts</source>
        <translation>
            <numerusform>%Ln compte</numerusform>
            <numerusform>%Ln comptes</numerusform>
        </translation>
    </message>
    <message>
        <source>your limit is {percent} % of all.</source>
        <translation>votre limite est de {percent}&#xa0;% du total.</translation>
    </message>
    <message>
        <source>{wanted}; {limit}</source>
        <translation>{wanted} ; {limit}</translation>
    </message>
    <message>
        <source>your limit is {limit}.</source>
        <translation>votre limite est de {limit}.</translation>
    </message>
    <message>
        <source>Release removals</source>
        <translation>Autoriser les retraits</translation>
    </message>
    <message numerus="yes">
        <source>Disable %Ln accounts in GoTo now?</source>
        <translation>
            <numerusform>Désactiver %Ln compte dans GoTo maintenant&#x202f;?</numerusform>
            <numerusform>Désactiver %Ln comptes dans GoTo maintenant&#x202f;?</numerusform>
        </translation>
    </message>
    <message>
        <source>These people lose their seat. Their meetings and recordings stay.</source>
        <translation>Ces personnes perdent leur licence. Leurs réunions et enregistrements restent.</translation>
    </message>
    <message numerus="yes">
        <source>Release %Ln removals</source>
        <translation>
            <numerusform>Autoriser %Ln retrait</numerusform>
            <numerusform>Autoriser %Ln retraits</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>HeldList</name>
    <message>
        <source>Search these people</source>
        <translation>Rechercher parmi ces personnes</translation>
    </message>
    <message>
        <source>Who would lose GoToMeeting</source>
        <translation>Qui perdrait GoToMeeting</translation>
    </message>
    <message>
        <source>grouped by cause</source>
        <translation>par cause</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>GoTo account</source>
        <translation>Compte GoTo</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Cause</translation>
    </message>
    <message numerus="yes">
        <source>%Ln people</source>
        <translation>
            <numerusform>%Ln personne</numerusform>
            <numerusform>%Ln personnes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>En afficher %Ln de plus</numerusform>
            <numerusform>En afficher %Ln de plus</numerusform>
        </translation>
    </message>
    <message>
        <source>No other assignment</source>
        <translation>Aucune autre affectation</translation>
    </message>
    <message>
        <source>No longer assigned</source>
        <translation>N’est plus affecté</translation>
    </message>
    <message>
        <source>{group} is no longer assigned</source>
        <translation>{group} n’est plus affecté</translation>
    </message>
    <message>
        <source>Left the group {group}</source>
        <translation>A quitté le groupe {group}</translation>
    </message>
    <message>
        <source>Disabled in Entra</source>
        <translation>Désactivé dans Entra</translation>
    </message>
    <message>
        <source>Deleted in Entra</source>
        <translation>Supprimé dans Entra</translation>
    </message>
    <message>
        <source>Left the scoping filter “{group}”</source>
        <translation>Sorti du filtre d’étendue «&#xa0;{group}&#xa0;»</translation>
    </message>
    <message>
        <source>Only Default Access is left</source>
        <translation>Il ne reste que Default Access</translation>
    </message>
    <message>
        <source>Not their turn yet</source>
        <translation>Pas encore leur tour</translation>
    </message>
    <message>
        <source>Another cause</source>
        <translation>Autre cause</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Fermer</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>Provisioning log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Search name, address, code or text</source>
        <translation>Rechercher un nom, une adresse, un code ou un texte</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Effacer les filtres</translation>
    </message>
    <message>
        <source>Show newest</source>
        <translation>Afficher les plus récents</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Les plus récents d’abord</translation>
    </message>
    <message>
        <source>All time</source>
        <translation>Toute la période</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Dernière heure</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Dernières 24 heures</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>7 derniers jours</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>30 derniers jours</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Any status</source>
        <translation>Tout état</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Any action</source>
        <translation>Toute action</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Action</translation>
    </message>
    <message numerus="yes">
        <source>%Ln records</source>
        <translation>
            <numerusform>%Ln enregistrement</numerusform>
            <numerusform>%Ln enregistrements</numerusform>
        </translation>
    </message>
    <message>
        <source>No record matches these filters.</source>
        <translation>Aucun enregistrement ne correspond à ces filtres.</translation>
    </message>
    <message>
        <source>Every account that is created or changed is listed here.</source>
        <translation>Chaque compte créé ou modifié figure ici.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln new since you looked</source>
        <translation>
            <numerusform>%Ln nouveau depuis</numerusform>
            <numerusform>%Ln nouveaux depuis</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainHelp</name>
    <message>
        <source>Overview</source>
        <translation>Vue d’ensemble</translation>
    </message>
    <message>
        <source>Provisioning log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Everything Rollcall did to an account, with the steps that led to it.</source>
        <translation>Tout ce que Rollcall a fait sur un compte, avec les étapes qui y ont mené.</translation>
    </message>
    <message>
        <source>How provisioning stands, what needs you, and when it goes on.</source>
        <translation>Où en est l’approvisionnement, ce qui vous attend et quand il continue.</translation>
    </message>
    <message>
        <source>Sync now</source>
        <translation>Synchroniser</translation>
    </message>
    <message>
        <source>Stop the cycle</source>
        <translation>Arrêter le cycle</translation>
    </message>
    <message>
        <source>Search this page</source>
        <translation>Rechercher dans cette page</translation>
    </message>
    <message>
        <source>Show or hide the activity</source>
        <translation>Afficher ou masquer l’activité</translation>
    </message>
    <message>
        <source>On to the next part of the window</source>
        <translation>Passer à la partie suivante de la fenêtre</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Overview</source>
        <translation>Vue d’ensemble</translation>
    </message>
    <message>
        <source>Provisioning log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Rollcall – {profile}</source>
        <translation>Rollcall – {profile}</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Activité</translation>
    </message>
    <message>
        <source>The engine has stopped because of a fault in Rollcall.</source>
        <translation>Le moteur s’est arrêté à cause d’une erreur de Rollcall.</translation>
    </message>
    <message>
        <source>Nothing half-done is lost. Start Rollcall again to go on.</source>
        <translation>Rien de ce qui était en cours n’est perdu. Redémarrez Rollcall pour continuer.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Arrêt en cours…</translation>
    </message>
    <message>
        <source>The write in flight is finished first.</source>
        <translation>L’écriture en cours est d’abord terminée.</translation>
    </message>
</context>
<context>
    <name>MappingsPage</name>
    <message>
        <source>Mappings</source>
        <translation>Mappages</translation>
    </message>
    <message>
        <source>These values are sent to GoTo for each person. The defaults suit most companies; everything can be changed later without losing an account.</source>
        <translation>Ces valeurs sont envoyées à GoTo pour chaque personne. Les réglages par défaut conviennent à la plupart des sociétés&#xa0;; tout peut être changé plus tard sans perdre un compte.</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Utilisateurs</translation>
    </message>
    <message>
        <source>Show the &amp;values of</source>
        <translation>Afficher les &amp;valeurs de</translation>
    </message>
    <message>
        <source>Next person</source>
        <translation>Personne suivante</translation>
    </message>
    <message>
        <source>GoTo attribute</source>
        <translation>Attribut GoTo</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Comes from</source>
        <translation>Vient de</translation>
    </message>
    <message>
        <source>Mappings of users</source>
        <translation>Mappages des utilisateurs</translation>
    </message>
    <message>
        <source>Checking the mappings against everybody…</source>
        <translation>Vérification des mappages pour tout le monde…</translation>
    </message>
    <message>
        <source>{count} people so far…</source>
        <translation>{count} personnes jusqu’ici…</translation>
    </message>
    <message>
        <source>{count} attributes and the licence · default mapping</source>
        <translation>{count} attributs et la licence · mappage par défaut</translation>
    </message>
    <message>
        <source>{count} attributes and the licence</source>
        <translation>{count} attributs et la licence</translation>
    </message>
    <message>
        <source>People are matched to existing GoTo accounts by &lt;b&gt;{attribute}&lt;/b&gt;, ignoring capitals. {count} accounts will be taken over, none made twice.</source>
        <translation>Les personnes sont rapprochées des comptes GoTo existants par &lt;b&gt;{attribute}&lt;/b&gt;, sans tenir compte des majuscules. {count} comptes seront repris, aucun créé deux fois.</translation>
    </message>
    <message>
        <source>{name} gets</source>
        <translation>{name} reçoit</translation>
    </message>
    <message>
        <source>Checked against all {count} people</source>
        <translation>Vérifié pour les {count} personnes</translation>
    </message>
    <message>
        <source>GoTo’s limits: names up to {limit} characters, one account per address</source>
        <translation>Limites de GoTo&#xa0;: noms jusqu’à {limit} caractères, un compte par adresse</translation>
    </message>
    <message>
        <source>{count} fit as they are</source>
        <translation>{count} conviennent telles quelles</translation>
    </message>
    <message>
        <source>Nobody gets an account yet, so there was nothing to check.</source>
        <translation>Personne ne reçoit encore de compte, il n’y avait donc rien à vérifier.</translation>
    </message>
    <message>
        <source>Show the {count}</source>
        <translation>Afficher les {count}</translation>
    </message>
    <message>
        <source>Show this person</source>
        <translation>Afficher cette personne</translation>
    </message>
    <message>
        <source>People concerned</source>
        <translation>Personnes concernées</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>et {count} de plus</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Fermer</translation>
    </message>
    <message>
        <source>Match {precedence}</source>
        <translation>Correspondance {precedence}</translation>
    </message>
</context>
<context>
    <name>NavigationPane</name>
    <message>
        <source>Practice</source>
        <translation>Essai</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>Navigation</source>
        <translation>Navigation</translation>
    </message>
    <message>
        <source>Set up another profile…</source>
        <translation>Configurer un autre profil…</translation>
    </message>
</context>
<context>
    <name>Note</name>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
</context>
<context>
    <name>NotificationPage</name>
    <message>
        <source>Notification</source>
        <translation>Notification</translation>
    </message>
    <message>
        <source>Rollcall works unattended. When a cycle fails, removals wait for a decision or a secret is about to expire, it writes to these addresses.</source>
        <translation>Rollcall travaille seul. Quand un cycle échoue, que des retraits attendent une décision ou qu’un secret va expirer, il écrit à ces adresses.</translation>
    </message>
    <message>
        <source>Notification e-mail</source>
        <translation>E-mail de notification</translation>
    </message>
    <message>
        <source>A shared mailbox outlives holidays. Enter adds one more.</source>
        <translation>Une boîte partagée survit aux vacances. Entrée en ajoute une.</translation>
    </message>
    <message>
        <source>&amp;Mail me when something fails</source>
        <translation>&amp;M’envoyer un e-mail en cas d’échec</translation>
    </message>
    <message>
        <source>Mail server</source>
        <translation>Serveur de messagerie</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Serveur</translation>
    </message>
    <message>
        <source>For instance smtp.company.com</source>
        <translation>Par exemple smtp.societe.com</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>STARTTLS</source>
        <translation>STARTTLS</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Unprotected</source>
        <translation>Non protégée</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Sender</source>
        <translation>Expéditeur</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Nom d’utilisateur</translation>
    </message>
    <message>
        <source>Empty when the server asks for none.</source>
        <translation>Vide si le serveur n’en demande pas.</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Send &amp;test mail</source>
        <translation>Envoyer un e-mail d’&amp;essai</translation>
    </message>
    <message>
        <source>Practice tenant: nothing has to be filled in</source>
        <translation>Locataire d’essai&#xa0;: rien à remplir</translation>
    </message>
    <message>
        <source>No mail leaves this computer unless you name a mail server.</source>
        <translation>Aucun e-mail ne quitte cet ordinateur si vous n’indiquez pas de serveur.</translation>
    </message>
    <message>
        <source>“{address}” is not an e-mail address.</source>
        <translation>«&#xa0;{address}&#xa0;» n’est pas une adresse e-mail.</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>Envoi…</translation>
    </message>
    <message>
        <source>Handed over to {server} at {time}. Look into the mailbox.</source>
        <translation>Remis à {server} à {time}. Regardez dans la boîte.</translation>
    </message>
</context>
<context>
    <name>OnePersonNote</name>
    <message>
        <source>Person to start with</source>
        <translation>Personne par laquelle commencer</translation>
    </message>
    <message>
        <source>{name} comes first</source>
        <translation>{name} d’abord</translation>
    </message>
    <message>
        <source>Only this account is touched until you add the rest.</source>
        <translation>Seul ce compte est touché jusqu’à ce que vous ajoutiez les autres.</translation>
    </message>
    <message>
        <source>Everyone at once</source>
        <translation>Tout le monde à la fois</translation>
    </message>
    <message>
        <source>Start with one person</source>
        <translation>Commencez par une personne</translation>
    </message>
    <message>
        <source>Rollcall provisions one person, you look at the account in GoTo, then you add the rest. Nobody else is touched.</source>
        <translation>Rollcall approvisionne une personne, vous regardez le compte dans GoTo, puis vous ajoutez les autres. Personne d’autre n’est touché.</translation>
    </message>
    <message>
        <source>Start with {name}</source>
        <translation>Commencer par {name}</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>Vue d’ensemble</translation>
    </message>
    <message>
        <source>Sync now</source>
        <translation>Synchroniser</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Other causes</source>
        <translation>Autres causes</translation>
    </message>
    <message>
        <source>Provisioning on</source>
        <translation>Approvisionnement actif</translation>
    </message>
    <message>
        <source>Provisioning off</source>
        <translation>Approvisionnement arrêté</translation>
    </message>
    <message>
        <source>Sync now (Ctrl+R)</source>
        <translation>Synchroniser (Ctrl+R)</translation>
    </message>
    <message>
        <source>Stopping after the request in flight…</source>
        <translation>Arrêt après la requête en cours…</translation>
    </message>
    <message>
        <source>Stop (Ctrl+.)</source>
        <translation>Arrêter (Ctrl+.)</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Suivant</translation>
    </message>
    <message>
        <source>The fields below say what they need.</source>
        <translation>Les champs ci-dessous disent ce qu’il leur faut.</translation>
    </message>
    <message>
        <source>request {id}</source>
        <translation>requête {id}</translation>
    </message>
</context>
<context>
    <name>PersonSignIn</name>
    <message>
        <source>Open the page</source>
        <translation>Ouvrir la page</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Sign in on the page that opens in your browser. If none opens, copy its address into a browser on this computer.</source>
        <translation>Connectez-vous sur la page qui s’ouvre dans votre navigateur. Si aucune ne s’ouvre, copiez son adresse dans un navigateur de cet ordinateur.</translation>
    </message>
    <message>
        <source>Get a code</source>
        <translation>Obtenir un code</translation>
    </message>
    <message>
        <source>Get a new code</source>
        <translation>Obtenir un nouveau code</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Se connecter à nouveau</translation>
    </message>
    <message>
        <source>Sign in with the browser</source>
        <translation>Se connecter par le navigateur</translation>
    </message>
    <message>
        <source>The code is valid for another {time}.</source>
        <translation>Le code est encore valable {time}.</translation>
    </message>
    <message>
        <source>Signed in as {user}.</source>
        <translation>Connecté en tant que {user}.</translation>
    </message>
    <message>
        <source>Signed in.</source>
        <translation>Connecté.</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Un instant…</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Copier l’adresse</translation>
    </message>
    <message>
        <source>Open {address} on any device and enter this code:</source>
        <translation>Ouvrez {address} sur n’importe quel appareil et saisissez ce code :</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>Copier le code</translation>
    </message>
</context>
<context>
    <name>PlanTable</name>
    <message>
        <source>first name</source>
        <translation>prénom</translation>
    </message>
    <message>
        <source>last name</source>
        <translation>nom de famille</translation>
    </message>
    <message>
        <source>e-mail address</source>
        <translation>adresse e-mail</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Action</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>GoTo account</source>
        <translation>Compte GoTo</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>Ce qui change</translation>
    </message>
    <message>
        <source>What the first cycle would do</source>
        <translation>Ce que ferait le premier cycle</translation>
    </message>
    <message>
        <source>Found by its address, nothing to change</source>
        <translation>Trouvé par son adresse, rien à changer</translation>
    </message>
    <message>
        <source>New account, {product} seat</source>
        <translation>Nouveau compte {product}</translation>
    </message>
    <message>
        <source>New account</source>
        <translation>Nouveau compte</translation>
    </message>
</context>
<context>
    <name>PreviewPage</name>
    <message>
        <source>Preview &amp; switch on</source>
        <translation>Aperçu et activation</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Créer</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Lier</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Mettre à jour</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>Désactiver</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Ignorer</translation>
    </message>
    <message>
        <source>Will fail</source>
        <translation>Échouera</translation>
    </message>
    <message>
        <source>Nobody is assigned, so nothing would change.</source>
        <translation>Personne n’est affecté, rien ne changerait donc.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tout</translation>
    </message>
    <message>
        <source>Search people</source>
        <translation>Chercher des personnes</translation>
    </message>
    <message>
        <source>S&amp;witch on</source>
        <translation>Acti&amp;ver</translation>
    </message>
    <message>
        <source>Save, leave it s&amp;witched off</source>
        <translation>Enregistrer sans acti&amp;ver</translation>
    </message>
    <message>
        <source>S&amp;witch on and provision {name}</source>
        <translation>Acti&amp;ver et approvisionner {name}</translation>
    </message>
    <message>
        <source>S&amp;witch on and provision 1 person</source>
        <translation>Acti&amp;ver et approvisionner 1 personne</translation>
    </message>
    <message>
        <source>S&amp;witch on and provision {count} people</source>
        <translation>Acti&amp;ver et approvisionner {count} personnes</translation>
    </message>
    <message>
        <source>Saving the profile…</source>
        <translation>Enregistrement du profil…</translation>
    </message>
    <message>
        <source>Working out what the first cycle would do…</source>
        <translation>Calcul de ce que ferait le premier cycle…</translation>
    </message>
    <message>
        <source>{done} of {total} people decided…</source>
        <translation>{done} personnes sur {total} décidées…</translation>
    </message>
    <message>
        <source>{count} people so far…</source>
        <translation>{count} personnes jusqu’ici…</translation>
    </message>
    <message>
        <source>Rollcall works out what the first cycle would do. Nothing is written.</source>
        <translation>Rollcall détermine ce que ferait le premier cycle. Rien n’est écrit.</translation>
    </message>
    <message>
        <source>This is what the first cycle would do. Nothing has been written yet, and no account in GoTo will be disabled.</source>
        <translation>Voici ce que ferait le premier cycle. Rien n’a encore été écrit et aucun compte GoTo ne sera désactivé.</translation>
    </message>
    <message>
        <source>This is what the first cycle would do. Nothing has been written yet.</source>
        <translation>Voici ce que ferait le premier cycle. Rien n’a encore été écrit.</translation>
    </message>
    <message>
        <source>All {count}</source>
        <translation>Toutes {count}</translation>
    </message>
    <message>
        <source>The first {shown} of {total} are listed; the counts are of everybody.</source>
        <translation>Les {shown} premières sur {total} sont listées&#xa0;; les nombres valent pour tout le monde.</translation>
    </message>
</context>
<context>
    <name>ProfileChooser</name>
    <message>
        <source>Profile {name}, {tenant}</source>
        <translation>Profil {name}, {tenant}</translation>
    </message>
</context>
<context>
    <name>Pulse</name>
    <message>
        <source>People done</source>
        <translation>Personnes traitées</translation>
    </message>
</context>
<context>
    <name>PulseWording</name>
    <message>
        <source>Cannot run</source>
        <translation>Ne peut pas démarrer</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Retenu</translation>
    </message>
    <message>
        <source>In quarantine</source>
        <translation>En quarantaine</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Hors ligne</translation>
    </message>
    <message>
        <source>Last cycle failed</source>
        <translation>Le dernier cycle a échoué</translation>
    </message>
    <message>
        <source>Not run yet</source>
        <translation>Pas encore exécuté</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Arrêté</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Interrompu</translation>
    </message>
    <message numerus="yes">
        <source>%Ln failures</source>
        <translation>
            <numerusform>%Ln échec</numerusform>
            <numerusform>%Ln échecs</numerusform>
        </translation>
    </message>
    <message>
        <source>First people only</source>
        <translation>Premières personnes seules</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>En bon état</translation>
    </message>
    <message numerus="yes">
        <source>%Ln removals wait for you</source>
        <translation>
            <numerusform>%Ln retrait vous attend</numerusform>
            <numerusform>%Ln retraits vous attendent</numerusform>
        </translation>
    </message>
    <message>
        <source>No next cycle</source>
        <translation>Pas de prochain cycle</translation>
    </message>
    <message>
        <source>Tries again {time}</source>
        <translation>Nouvel essai {time}</translation>
    </message>
    <message>
        <source>Next cycle in {time}</source>
        <translation>Prochain cycle dans {time}</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Arrêt…</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Démarrage</translation>
    </message>
    <message>
        <source>Initial cycle</source>
        <translation>Cycle initial</translation>
    </message>
    <message>
        <source>Incremental cycle</source>
        <translation>Cycle incrémentiel</translation>
    </message>
    <message numerus="yes">
        <source>%Ln people read</source>
        <translation>
            <numerusform>%Ln personne lue</numerusform>
            <numerusform>%Ln personnes lues</numerusform>
        </translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent}&#xa0;%</translation>
    </message>
    <message>
        <source>{percent} % · {left}</source>
        <translation>{percent}&#xa0;% · {left}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln records this cycle</source>
        <translation>
            <numerusform>%Ln enregistrement dans ce cycle</numerusform>
            <numerusform>%Ln enregistrements dans ce cycle</numerusform>
        </translation>
    </message>
    <message>
        <source>Cycle held at {time}</source>
        <translation>Cycle retenu à {time}</translation>
    </message>
    <message>
        <source>Idle since {time}</source>
        <translation>Inactif depuis {time}</translation>
    </message>
</context>
<context>
    <name>RecordDetails</name>
    <message>
        <source>Copy details</source>
        <translation>Copier les détails</translation>
    </message>
    <message>
        <source>Close details</source>
        <translation>Fermer les détails</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Que faire</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>Conseil</translation>
    </message>
    <message>
        <source>Modified properties</source>
        <translation>Propriétés modifiées</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Résumé</translation>
    </message>
    <message>
        <source>Nothing to do here</source>
        <translation>Rien à faire ici</translation>
    </message>
    <message>
        <source>Details of {name}</source>
        <translation>Détails de {name}</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importation</translation>
    </message>
    <message>
        <source>Scoping</source>
        <translation>Étendue</translation>
    </message>
    <message>
        <source>Matching</source>
        <translation>Correspondance</translation>
    </message>
    <message>
        <source>Processing</source>
        <translation>Traitement</translation>
    </message>
    <message>
        <source>Members and managers</source>
        <translation>Membres et responsables</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportation</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Personne</translation>
    </message>
    <message>
        <source>Object ID</source>
        <translation>ID d’objet</translation>
    </message>
    <message>
        <source>GoTo account</source>
        <translation>Compte GoTo</translation>
    </message>
    <message>
        <source>Account key</source>
        <translation>Clé de compte</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Cycle</source>
        <translation>Cycle</translation>
    </message>
    <message>
        <source>Change ID</source>
        <translation>ID du changement</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>Request ID</source>
        <translation>ID de requête</translation>
    </message>
</context>
<context>
    <name>ResultWording</name>
    <message>
        <source>First name</source>
        <translation>Prénom</translation>
    </message>
    <message>
        <source>Last name</source>
        <translation>Nom de famille</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>Adresse e-mail</translation>
    </message>
    <message>
        <source>Seats</source>
        <translation>Licences</translation>
    </message>
    <message>
        <source>Account created</source>
        <translation>Compte créé</translation>
    </message>
    <message>
        <source>Found by its address</source>
        <translation>Trouvé par son adresse</translation>
    </message>
    <message>
        <source>Seat taken away</source>
        <translation>Licence retirée</translation>
    </message>
    <message>
        <source>Seat given back</source>
        <translation>Licence rendue</translation>
    </message>
    <message>
        <source>Account deleted</source>
        <translation>Compte supprimé</translation>
    </message>
    <message numerus="yes">
        <source>%n values changed</source>
        <translation>
            <numerusform>%n valeur modifiée</numerusform>
            <numerusform>%n valeurs modifiées</numerusform>
        </translation>
    </message>
    <message>
        <source>{attribute} changed</source>
        <translation>{attribute}&#xa0;: modifié</translation>
    </message>
    <message>
        <source>Not allowed</source>
        <translation>Non autorisé</translation>
    </message>
    <message>
        <source>Collides with another account</source>
        <translation>Conflit avec un autre compte</translation>
    </message>
    <message>
        <source>A value is missing</source>
        <translation>Une valeur manque</translation>
    </message>
    <message>
        <source>GoTo asked to wait</source>
        <translation>GoTo demande d’attendre</translation>
    </message>
    <message>
        <source>GoTo had a fault</source>
        <translation>Panne chez GoTo</translation>
    </message>
    <message>
        <source>GoTo did not understand</source>
        <translation>Non compris par GoTo</translation>
    </message>
    <message>
        <source>The account is gone</source>
        <translation>Le compte a disparu</translation>
    </message>
    <message>
        <source>Fault in Rollcall</source>
        <translation>Défaut de Rollcall</translation>
    </message>
    <message>
        <source>Domain not accepted</source>
        <translation>Domaine refusé</translation>
    </message>
    <message>
        <source>No answer in time</source>
        <translation>Pas de réponse à temps</translation>
    </message>
    <message>
        <source>No free seat</source>
        <translation>Aucune licence libre</translation>
    </message>
    <message>
        <source>Several accounts match</source>
        <translation>Plusieurs comptes correspondent</translation>
    </message>
    <message>
        <source>Two people share the address</source>
        <translation>Adresse commune à deux personnes</translation>
    </message>
    <message>
        <source>No value to match by</source>
        <translation>Rien pour la correspondance</translation>
    </message>
    <message>
        <source>A mapping failed</source>
        <translation>Un mappage a échoué</translation>
    </message>
    <message>
        <source>Only Default Access</source>
        <translation>Default Access seulement</translation>
    </message>
    <message>
        <source>Kept by an administrator</source>
        <translation>Gardé par un administrateur</translation>
    </message>
    <message>
        <source>Not assigned</source>
        <translation>Non affecté</translation>
    </message>
    <message>
        <source>Disabled in Entra</source>
        <translation>Désactivé dans Entra</translation>
    </message>
    <message>
        <source>Deleted in Entra</source>
        <translation>Supprimé dans Entra</translation>
    </message>
    <message>
        <source>Filtered out</source>
        <translation>Exclu par un filtre</translation>
    </message>
    <message>
        <source>Not their turn yet</source>
        <translation>Pas encore leur tour</translation>
    </message>
    <message>
        <source>Switched off in the mappings</source>
        <translation>Désactivé dans les mappages</translation>
    </message>
</context>
<context>
    <name>RoleDialog</name>
    <message>
        <source>Create a role for {application}</source>
        <translation>Créer un rôle pour {application}</translation>
    </message>
    <message>
        <source>C&amp;reate</source>
        <translation>C&amp;réer</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>As administrators see it when they assign somebody.</source>
        <translation>Comme les administrateurs le voient en affectant quelqu’un.</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Without blanks; leave it empty and it is made from the name.</source>
        <translation>Sans espaces ; laissée vide, elle est tirée du nom.</translation>
    </message>
    <message>
        <source>Creating the role…</source>
        <translation>Création du rôle…</translation>
    </message>
</context>
<context>
    <name>SandboxCard</name>
    <message>
        <source>Make something happen</source>
        <translation>Provoquer un événement</translation>
    </message>
    <message>
        <source>This is the practice tenant: nothing here is real.</source>
        <translation>Ceci est le locataire d’essai&#xa0;: rien n’y est réel.</translation>
    </message>
</context>
<context>
    <name>SearchEdit</name>
    <message>
        <source>Clear</source>
        <translation>Effacer</translation>
    </message>
</context>
<context>
    <name>SecretDialog</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Annuler</translation>
    </message>
    <message>
        <source>&amp;Replace and sync now</source>
        <translation>&amp;Remplacer et synchroniser</translation>
    </message>
    <message>
        <source>Practice tenant: any value will do, the old credentials are renewed.</source>
        <translation>Locataire d’essai&#xa0;: n’importe quelle valeur convient, les anciens identifiants sont renouvelés.</translation>
    </message>
    <message>
        <source>It goes into the keyring, never into the profile or a log.</source>
        <translation>Il va dans le trousseau, jamais dans le profil ni dans un journal.</translation>
    </message>
    <message>
        <source>Client &amp;secret</source>
        <translation>&amp;Secret client</translation>
    </message>
    <message>
        <source>The value of a new one, made in Entra under App registrations.</source>
        <translation>La valeur d’un nouveau secret, créé dans Entra sous Inscriptions d’applications.</translation>
    </message>
    <message>
        <source>&amp;Certificate</source>
        <translation>&amp;Certificat</translation>
    </message>
    <message>
        <source>PEM with its private key, or a PFX file in base64; without a password.</source>
        <translation>PEM avec sa clé privée, ou fichier PFX en base64 ; sans mot de passe.</translation>
    </message>
    <message>
        <source>Admin &amp;password</source>
        <translation>Mot de &amp;passe administrateur</translation>
    </message>
    <message>
        <source>Personal access &amp;token</source>
        <translation>&amp;Jeton d’accès personnel</translation>
    </message>
    <message>
        <source>A new one from myaccount.goto.com.</source>
        <translation>Un nouveau, depuis myaccount.goto.com.</translation>
    </message>
    <message>
        <source>Waiting for the keyring…</source>
        <translation>En attente du trousseau…</translation>
    </message>
    <message>
        <source>Type the new value.</source>
        <translation>Saisissez la nouvelle valeur.</translation>
    </message>
</context>
<context>
    <name>SecretEdit</name>
    <message>
        <source>Show</source>
        <translation>Afficher</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Masquer</translation>
    </message>
</context>
<context>
    <name>SecretWords</name>
    <message>
        <source>Replace password…</source>
        <translation>Remplacer le mot de passe…</translation>
    </message>
    <message>
        <source>Replace token…</source>
        <translation>Remplacer le jeton…</translation>
    </message>
    <message>
        <source>Replace secret…</source>
        <translation>Remplacer le secret…</translation>
    </message>
    <message>
        <source>Replace the password to go on.</source>
        <translation>Remplacez le mot de passe pour continuer.</translation>
    </message>
    <message>
        <source>Replace the token to go on.</source>
        <translation>Remplacez le jeton pour continuer.</translation>
    </message>
    <message>
        <source>Replace the secret to go on.</source>
        <translation>Remplacez le secret pour continuer.</translation>
    </message>
    <message>
        <source>New GoTo password for {organisation}</source>
        <translation>Nouveau mot de passe GoTo pour {organisation}</translation>
    </message>
    <message>
        <source>New GoTo token for {organisation}</source>
        <translation>Nouveau jeton GoTo pour {organisation}</translation>
    </message>
    <message>
        <source>New client secret for {organisation}</source>
        <translation>Nouveau secret client pour {organisation}</translation>
    </message>
    <message>
        <source>New credentials for {organisation}</source>
        <translation>Nouveaux identifiants pour {organisation}</translation>
    </message>
</context>
<context>
    <name>SignInDialog</name>
    <message>
        <source>Sign in at {service}</source>
        <translation>Connexion à {service}</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Fermer</translation>
    </message>
    <message>
        <source>Sign in at {service} for {organisation}</source>
        <translation>Connexion à {service} pour {organisation}</translation>
    </message>
    <message>
        <source>A cycle starts as soon as you are signed in. The sign-in goes into the keyring, never into the profile or a log.</source>
        <translation>Un cycle démarre dès que vous êtes connecté. La connexion va dans le trousseau, jamais dans le profil ni dans un journal.</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again, or close this and look at the profile.</source>
        <translation>Rien n’a été changé. Réessayez, ou fermez cette fenêtre et vérifiez le profil.</translation>
    </message>
    <message>
        <source>Sign in to change assignments</source>
        <translation>Se connecter pour changer les affectations</translation>
    </message>
    <message>
        <source>Sign in as somebody who may manage the application in Entra. Microsoft asks for the permission then; afterwards, unassign once more.</source>
        <translation>Connectez-vous avec quelqu’un qui peut gérer l’application dans Entra. Microsoft demande alors l’autorisation ; ensuite, retirez l’affectation à nouveau.</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Fill in again</source>
        <translation>Remplir à nouveau</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Rien n’a été modifié.</translation>
    </message>
    <message>
        <source>Practice tenant: this page has been changed</source>
        <translation>Locataire d’essai&#xa0;: cette page a été modifiée</translation>
    </message>
    <message>
        <source>The practice tenant knows only what it filled in itself.</source>
        <translation>Le locataire d’essai ne connaît que ce qu’il a rempli lui-même.</translation>
    </message>
    <message>
        <source>Not signed in at {time}.</source>
        <translation>Connexion non aboutie à {time}.</translation>
    </message>
    <message>
        <source>Sign in again with the button below.</source>
        <translation>Connectez-vous à nouveau avec le bouton ci-dessous.</translation>
    </message>
    <message>
        <source>Secrets go into {place}, never into the profile or a log.</source>
        <translation>Les secrets vont dans {place}, jamais dans le profil ni dans un journal.</translation>
    </message>
    <message>
        <source>Practice tenant: everything is filled in</source>
        <translation>Locataire d’essai&#xa0;: tout est rempli</translation>
    </message>
    <message>
        <source>Your own tenant would ask for these. Nothing leaves this computer.</source>
        <translation>Votre propre locataire demanderait ces données. Rien ne quitte cet ordinateur.</translation>
    </message>
</context>
<context>
    <name>SoonCard</name>
    <message>
        <source>Soon</source>
        <translation>Bientôt</translation>
    </message>
    <message>
        <source>Nothing is wrong now. These will matter later.</source>
        <translation>Tout va bien pour l’instant. Ces points compteront plus tard.</translation>
    </message>
</context>
<context>
    <name>SourcePage</name>
    <message>
        <source>Microsoft sign-in</source>
        <translation>Connexion à Microsoft</translation>
    </message>
    <message>
        <source>Rollcall reads users, groups and assignments with an app registration of your tenant. It is checked as soon as you press Next; Rollcall never writes to Entra.</source>
        <translation>Rollcall lit les utilisateurs, les groupes et les affectations par une inscription d’application de votre locataire. Elle est vérifiée dès que vous appuyez sur Suivant&#xa0;; Rollcall n’écrit jamais dans Entra.</translation>
    </message>
    <message>
        <source>Tenant</source>
        <translation>Locataire</translation>
    </message>
    <message>
        <source>A verified domain such as contoso.com, or the tenant ID.</source>
        <translation>Un domaine vérifié comme contoso.com, ou l’ID du locataire.</translation>
    </message>
    <message>
        <source>Sign in with</source>
        <translation>Se connecter avec</translation>
    </message>
    <message>
        <source>App secret</source>
        <translation>Secret d’application</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>Certificat</translation>
    </message>
    <message>
        <source>Browser</source>
        <translation>Navigateur</translation>
    </message>
    <message>
        <source>Device code</source>
        <translation>Code d’appareil</translation>
    </message>
    <message>
        <source>Not in this version: use an app secret.</source>
        <translation>Pas dans cette version&#xa0;: utilisez un secret d’application.</translation>
    </message>
    <message>
        <source>Application (client) ID</source>
        <translation>ID d’application (client)</translation>
    </message>
    <message>
        <source>From App registrations, Overview.</source>
        <translation>Dans Inscriptions d’applications, Vue d’ensemble.</translation>
    </message>
    <message>
        <source>Show me where</source>
        <translation>Où le trouver</translation>
    </message>
    <message>
        <source>Client secret</source>
        <translation>Secret client</translation>
    </message>
    <message>
        <source>The value, not its ID. The registration needs the application permissions Application.Read.All, User.Read.All and GroupMember.Read.All.</source>
        <translation>La valeur, pas son ID. L’inscription a besoin des autorisations d’application Application.Read.All, User.Read.All et GroupMember.Read.All.</translation>
    </message>
    <message>
        <source>Certificate and private key as PEM, or a PFX file; without a password. The registration needs the same application permissions as with a secret.</source>
        <translation>Certificat et clé privée en PEM, ou fichier PFX ; sans mot de passe. L’inscription a besoin des mêmes autorisations d’application qu’avec un secret.</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Choisir un fichier…</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>With an account that may read users, groups and applications. The registration needs “Allow public client flows”.</source>
        <translation>Avec un compte qui peut lire les utilisateurs, les groupes et les applications. L’inscription a besoin de « Autoriser les flux clients publics ».</translation>
    </message>
    <message>
        <source>With an account that may read users, groups and applications. The registration needs the platform Mobile and desktop applications with http://localhost, and “Allow public client flows”.</source>
        <translation>Avec un compte qui peut lire les utilisateurs, les groupes et les applications. L’inscription a besoin de la plateforme Applications de bureau et mobiles avec http://localhost, et de « Autoriser les flux clients publics ».</translation>
    </message>
    <message>
        <source>Profile name</source>
        <translation>Nom du profil</translation>
    </message>
    <message>
        <source>How this set-up is called in Rollcall and on the command line.</source>
        <translation>Le nom de cette configuration dans Rollcall et en ligne de commande.</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.pfx *.p12);;All (*)</source>
        <translation>Certificats (*.pem *.pfx *.p12);;Tous (*)</translation>
    </message>
    <message>
        <source>{file} cannot be read. Choose another file, or paste its content.</source>
        <translation>{file} ne peut pas être lu. Choisissez un autre fichier ou collez son contenu.</translation>
    </message>
    <message>
        <source>Signing in at Microsoft…</source>
        <translation>Connexion à Microsoft…</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>&amp;Réessayer</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Suivant</translation>
    </message>
    <message>
        <source>Choose a file that holds the certificate and its private key, as PEM or PFX without a password.</source>
        <translation>Choisissez un fichier qui contient le certificat et sa clé privée, en PEM ou en PFX sans mot de passe.</translation>
    </message>
    <message>
        <source>This certificate cannot be used.</source>
        <translation>Ce certificat est inutilisable.</translation>
    </message>
    <message>
        <source>Not accepted at {time}.</source>
        <translation>Refusé à {time}.</translation>
    </message>
</context>
<context>
    <name>States</name>
    <message>
        <source>Success</source>
        <translation>Réussite</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Avertissement</translation>
    </message>
    <message>
        <source>Failure</source>
        <translation>Échec</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Ignoré</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>En cours</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>Pas encore testé</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Retenu</translation>
    </message>
    <message>
        <source>Quarantine</source>
        <translation>Quarantaine</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Hors ligne</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Information</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>Conseil</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Créer</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Lier</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Mettre à jour</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>Désactiver</translation>
    </message>
    <message>
        <source>Enable</source>
        <translation>Réactiver</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Autre</translation>
    </message>
</context>
<context>
    <name>StepRail</name>
    <message>
        <source>Steps</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <source>Step {number} of {total}, {name}, {state}</source>
        <translation>Étape {number} sur {total}, {name}, {state}</translation>
    </message>
    <message>
        <source>done</source>
        <translation>terminée</translation>
    </message>
    <message>
        <source>current</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>en échec</translation>
    </message>
    <message>
        <source>later</source>
        <translation>à venir</translation>
    </message>
</context>
<context>
    <name>SwitchCard</name>
    <message>
        <source>Switch provisioning on</source>
        <translation>Activer l’approvisionnement</translation>
    </message>
    <message>
        <source>&amp;One person first:</source>
        <translation>&amp;Une personne d’abord&#xa0;:</translation>
    </message>
    <message>
        <source>One person first: {name}</source>
        <translation>Une personne d’abord&#xa0;: {name}</translation>
    </message>
    <message>
        <source>&amp;Everyone, 1 person</source>
        <translation>&amp;Tout le monde, 1 personne</translation>
    </message>
    <message>
        <source>&amp;Everyone, {count} people</source>
        <translation>&amp;Tout le monde, {count} personnes</translation>
    </message>
    <message>
        <source>After that, changes follow every {minutes} minutes. You can stop at any moment; what is written stays listed and can be undone.</source>
        <translation>Ensuite, les changements suivent toutes les {minutes} minutes. Vous pouvez arrêter à tout moment&#xa0;; ce qui est écrit reste listé et peut être annulé.</translation>
    </message>
    <message>
        <source>Nobody gets an account yet. Whoever is assigned later follows within {minutes} minutes.</source>
        <translation>Personne ne reçoit encore de compte. Toute personne affectée plus tard suivra dans les {minutes} minutes.</translation>
    </message>
    <message>
        <source>The first cycle takes about a minute, at GoTo’s limit of requests.</source>
        <translation>Le premier cycle dure une minute environ, à la limite de requêtes de GoTo.</translation>
    </message>
    <message>
        <source>The first cycle takes about {minutes} minutes, at GoTo’s limit of requests.</source>
        <translation>Le premier cycle dure {minutes} minutes environ, à la limite de requêtes de GoTo.</translation>
    </message>
</context>
<context>
    <name>SyncCard</name>
    <message>
        <source>People done</source>
        <translation>Personnes traitées</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importation</translation>
    </message>
    <message>
        <source>Scoping</source>
        <translation>Étendue</translation>
    </message>
    <message>
        <source>Matching</source>
        <translation>Correspondance</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Safety check</source>
        <translation>Contrôle</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Application</translation>
    </message>
    <message>
        <source>Starting a cycle</source>
        <translation>Démarrage d’un cycle</translation>
    </message>
    <message>
        <source>Started at {time}.</source>
        <translation>Démarré à {time}.</translation>
    </message>
    <message>
        <source>You may close this window; the cycle goes on in the tray.</source>
        <translation>Vous pouvez fermer cette fenêtre&#xa0;: le cycle continue dans la zone de notification.</translation>
    </message>
    <message numerus="yes">
        <source>of %Ln people</source>
        <translation>
            <numerusform>sur %Ln personne</numerusform>
            <numerusform>sur %Ln personnes</numerusform>
        </translation>
    </message>
    <message>
        <source>people read so far</source>
        <translation>personnes lues jusqu’ici</translation>
    </message>
    <message>
        <source>Stopping after the request in flight…</source>
        <translation>Arrêt après la requête en cours…</translation>
    </message>
    <message>
        <source>Finishing…</source>
        <translation>Finalisation…</translation>
    </message>
    <message>
        <source>Working out how long…</source>
        <translation>Estimation de la durée…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln people a second</source>
        <translation>
            <numerusform>%Ln personne par seconde</numerusform>
            <numerusform>%Ln personnes par seconde</numerusform>
        </translation>
    </message>
    <message>
        <source>Initial cycle: reading both sides</source>
        <translation>Cycle initial&#xa0;: lecture des deux côtés</translation>
    </message>
    <message>
        <source>Initial cycle: finding out who is in scope</source>
        <translation>Cycle initial&#xa0;: qui est dans l’étendue</translation>
    </message>
    <message>
        <source>Initial cycle: matching people to accounts</source>
        <translation>Cycle initial&#xa0;: correspondance des comptes</translation>
    </message>
    <message>
        <source>Initial cycle: deciding what to do</source>
        <translation>Cycle initial&#xa0;: préparation du plan</translation>
    </message>
    <message>
        <source>Initial cycle: checking that it is safe</source>
        <translation>Cycle initial&#xa0;: contrôle de sécurité</translation>
    </message>
    <message>
        <source>Initial cycle: creating accounts in GoTo</source>
        <translation>Cycle initial&#xa0;: création des comptes dans GoTo</translation>
    </message>
    <message>
        <source>Incremental cycle: reading what changed</source>
        <translation>Cycle incrémentiel&#xa0;: lecture des changements</translation>
    </message>
    <message>
        <source>Incremental cycle: finding out who is in scope</source>
        <translation>Cycle incrémentiel&#xa0;: qui est dans l’étendue</translation>
    </message>
    <message>
        <source>Incremental cycle: matching people to accounts</source>
        <translation>Cycle incrémentiel&#xa0;: correspondance des comptes</translation>
    </message>
    <message>
        <source>Incremental cycle: deciding what to do</source>
        <translation>Cycle incrémentiel&#xa0;: préparation du plan</translation>
    </message>
    <message>
        <source>Incremental cycle: checking that it is safe</source>
        <translation>Cycle incrémentiel&#xa0;: contrôle de sécurité</translation>
    </message>
    <message>
        <source>Incremental cycle: writing changes to GoTo</source>
        <translation>Cycle incrémentiel&#xa0;: écriture dans GoTo</translation>
    </message>
</context>
<context>
    <name>TargetPage</name>
    <message>
        <source>GoTo credentials</source>
        <translation>Identifiants GoTo</translation>
    </message>
    <message>
        <source>Rollcall needs a GoTo account that may create, change and suspend users. It is checked as soon as you press Next; nothing is written to GoTo.</source>
        <translation>Rollcall a besoin d’un compte GoTo qui peut créer, modifier et suspendre des utilisateurs. Il est vérifié dès que vous appuyez sur Suivant&#xa0;; rien n’est écrit dans GoTo.</translation>
    </message>
    <message>
        <source>Not in this version.</source>
        <translation>Pas dans cette version.</translation>
    </message>
    <message>
        <source>Connect through</source>
        <translation>Se connecter par</translation>
    </message>
    <message>
        <source>Admin API</source>
        <translation>API Admin</translation>
    </message>
    <message>
        <source>GoTo SCIM</source>
        <translation>SCIM de GoTo</translation>
    </message>
    <message>
        <source>Other SCIM 2.0</source>
        <translation>Autre SCIM 2.0</translation>
    </message>
    <message>
        <source>Recommended: the only one that can take seats away again.</source>
        <translation>Recommandé&#xa0;: la seule qui puisse reprendre des licences.</translation>
    </message>
    <message>
        <source>Sign in with</source>
        <translation>Se connecter avec</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Browser</source>
        <translation>Navigateur</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Jeton d’accès</translation>
    </message>
    <message>
        <source>Admin user name</source>
        <translation>Nom de l’administrateur</translation>
    </message>
    <message>
        <source>A super admin, or an admin who may manage users and seats.</source>
        <translation>Un super administrateur, ou un administrateur qui gère utilisateurs et licences.</translation>
    </message>
    <message>
        <source>Admin password</source>
        <translation>Mot de passe de l’administrateur</translation>
    </message>
    <message>
        <source>Personal access token</source>
        <translation>Jeton d’accès personnel</translation>
    </message>
    <message>
        <source>From myaccount.goto.com; its scopes must include “identity:”.</source>
        <translation>Depuis myaccount.goto.com&#xa0;; ses étendues doivent contenir «&#xa0;identity:&#xa0;».</translation>
    </message>
    <message>
        <source>Not accepted at {time}.</source>
        <translation>Refusé à {time}.</translation>
    </message>
    <message>
        <source>OAuth client ID</source>
        <translation>ID du client OAuth</translation>
    </message>
    <message>
        <source>From GoTo Developer Center, My OAuth clients.</source>
        <translation>Dans GoTo Developer Center, My OAuth clients.</translation>
    </message>
    <message>
        <source>Show me where</source>
        <translation>Où le trouver</translation>
    </message>
    <message>
        <source>OAuth client secret</source>
        <translation>Secret du client OAuth</translation>
    </message>
    <message>
        <source>Only if the client has one.</source>
        <translation>Seulement si le client en a un.</translation>
    </message>
    <message>
        <source>Sign-in</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>The OAuth client needs the redirect address http://localhost.</source>
        <translation>Le client OAuth a besoin de l’adresse de redirection http://localhost.</translation>
    </message>
    <message>
        <source>GoTo organisation</source>
        <translation>Organisation GoTo</translation>
    </message>
    <message>
        <source>Rollcall asks GoTo which accounts this administrator manages.</source>
        <translation>Rollcall demande à GoTo quels comptes cet administrateur gère.</translation>
    </message>
    <message>
        <source>Signing in at GoTo…</source>
        <translation>Connexion à GoTo…</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>&amp;Réessayer</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Suivant</translation>
    </message>
    <message>
        <source>This administrator manages {count} organisations. Choose one.</source>
        <translation>Cet administrateur gère {count} organisations. Choisissez-en une.</translation>
    </message>
    <message>
        <source>Find it for me</source>
        <translation>La trouver pour moi</translation>
    </message>
    <message>
        <source>Not accepted at {time}. Repeated wrong tries may lock the account.</source>
        <translation>Refusé à {time}. Des essais erronés répétés peuvent verrouiller le compte.</translation>
    </message>
</context>
<context>
    <name>ToDateCard</name>
    <message>
        <source>To date</source>
        <translation>À ce jour</translation>
    </message>
    <message>
        <source>First people only</source>
        <translation>Premières personnes seules</translation>
    </message>
    <message>
        <source>People in scope</source>
        <translation>Personnes dans l’étendue</translation>
    </message>
    <message>
        <source>GoTo accounts linked</source>
        <translation>Comptes GoTo liés</translation>
    </message>
    <message>
        <source>Waiting for a retry</source>
        <translation>En attente d’un nouvel essai</translation>
    </message>
    <message>
        <source>Accounts created</source>
        <translation>Comptes créés</translation>
    </message>
    <message>
        <source>{took}, {requests}</source>
        <translation>{took}, {requests}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln requests</source>
        <translation>
            <numerusform>%Ln requête</numerusform>
            <numerusform>%Ln requêtes</numerusform>
        </translation>
    </message>
    <message>
        <source>Last cycle took</source>
        <translation>Dernier cycle</translation>
    </message>
    <message>
        <source>Cycles since {date}</source>
        <translation>Cycles depuis le {date}</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Welcome to Rollcall</source>
        <translation>Bienvenue dans Rollcall</translation>
    </message>
    <message>
        <source>Everyone assigned to your GoToMeeting application in Microsoft Entra ID gets a GoToMeeting account, and the accounts stay in step. Which tenant is it for?</source>
        <translation>Toute personne affectée à votre application GoToMeeting dans Microsoft Entra ID reçoit un compte GoToMeeting, et les comptes restent à jour. De quel locataire s’agit-il&#xa0;?</translation>
    </message>
    <message>
        <source>Practice tenant</source>
        <translation>Locataire d’essai</translation>
    </message>
    <message>
        <source>Try it in a minute, no cloud account</source>
        <translation>Essayez en une minute, sans compte cloud</translation>
    </message>
    <message>
        <source>A made-up company of 25 people and a practice GoTo on this computer. Every step is the real one, every field is filled in, and nothing leaves this machine.</source>
        <translation>Une société inventée de 25 personnes et un GoTo d’essai sur cet ordinateur. Chaque étape est la vraie, chaque champ est rempli et rien ne quitte cette machine.</translation>
    </message>
    <message>
        <source>Your own tenant</source>
        <translation>Votre propre locataire</translation>
    </message>
    <message>
        <source>About ten minutes, with an administrator of both sides</source>
        <translation>Une dizaine de minutes, avec un administrateur des deux côtés</translation>
    </message>
    <message>
        <source>You need an app registration in Entra that may read users, groups and applications, and a GoTo administrator. Nothing is written before the last step.</source>
        <translation>Il vous faut une inscription d’application dans Entra qui peut lire utilisateurs, groupes et applications, et un administrateur GoTo. Rien n’est écrit avant la dernière étape.</translation>
    </message>
    <message>
        <source>Starting the practice tenant…</source>
        <translation>Démarrage du locataire d’essai…</translation>
    </message>
    <message>
        <source>Carry on where you stopped</source>
        <translation>Reprenez où vous étiez</translation>
    </message>
    <message>
        <source>“{name}”, step {step} of 8. Your answers are kept; begin anew below.</source>
        <translation>«&#xa0;{name}&#xa0;», étape {step} sur 8. Vos réponses sont gardées&#xa0;; recommencez ci-dessous.</translation>
    </message>
    <message>
        <source>Carry on</source>
        <translation>Reprendre</translation>
    </message>
</context>
<context>
    <name>WizardWindow</name>
    <message>
        <source>Set up a profile</source>
        <translation>Configurer un profil</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Bienvenue</translation>
    </message>
    <message>
        <source>Microsoft sign-in</source>
        <translation>Connexion à Microsoft</translation>
    </message>
    <message>
        <source>Application &amp; assignment</source>
        <translation>Application et affectation</translation>
    </message>
    <message>
        <source>GoTo credentials</source>
        <translation>Identifiants GoTo</translation>
    </message>
    <message>
        <source>Connection test</source>
        <translation>Test de connexion</translation>
    </message>
    <message>
        <source>Notification</source>
        <translation>Notification</translation>
    </message>
    <message>
        <source>Mappings</source>
        <translation>Mappages</translation>
    </message>
    <message>
        <source>Preview &amp; switch on</source>
        <translation>Aperçu et activation</translation>
    </message>
    <message>
        <source>Answers are kept as you go. Close the window and carry on later.</source>
        <translation>Vos réponses sont gardées au fur et à mesure. Fermez la fenêtre et continuez plus tard.</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>Save and close</source>
        <translation>Enregistrer et fermer</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Précédent</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Suivant</translation>
    </message>
    <message>
        <source>First: {step}</source>
        <translation>D’abord&#xa0;: {step}</translation>
    </message>
    <message>
        <source>Rollcall – set up “{name}”</source>
        <translation>Rollcall – configurer «&#xa0;{name}&#xa0;»</translation>
    </message>
    <message>
        <source>Rollcall – set up a profile</source>
        <translation>Rollcall – configurer un profil</translation>
    </message>
    <message>
        <source>One step on</source>
        <translation>Étape suivante</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>Étape précédente</translation>
    </message>
    <message>
        <source>Read this page’s facts again</source>
        <translation>Relire les données de cette page</translation>
    </message>
    <message>
        <source>Stop waiting</source>
        <translation>Ne plus attendre</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>at {time}</source>
        <translation>à {time}</translation>
    </message>
    <message>
        <source>tomorrow at {time}</source>
        <translation>demain à {time}</translation>
    </message>
    <message>
        <source>on {day} at {time}</source>
        <translation>le {day} à {time}</translation>
    </message>
    <message>
        <source>{day} {month}</source>
        <translation>{day} {month}</translation>
    </message>
    <message>
        <source>under 1 s</source>
        <translation>moins de 1 s</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} min {seconds} s</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>A few seconds left</source>
        <translation>Encore quelques secondes</translation>
    </message>
    <message>
        <source>About {seconds} seconds left</source>
        <translation>Encore {seconds} secondes environ</translation>
    </message>
    <message>
        <source>About a minute left</source>
        <translation>Encore une minute environ</translation>
    </message>
    <message>
        <source>About {minutes} minutes left</source>
        <translation>Encore {minutes} minutes environ</translation>
    </message>
    <message>
        <source>About {hours} hours left</source>
        <translation>Encore {hours} heures environ</translation>
    </message>
</context>
<context>
    <name>_Entry</name>
    <message numerus="yes">
        <source>%Ln decisions waiting</source>
        <translation>
            <numerusform>%Ln décision en attente</numerusform>
            <numerusform>%Ln décisions en attente</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Missing</name>
    <message numerus="yes">
        <source>%n answers are missing</source>
        <translation>
            <numerusform>%n réponse manque</numerusform>
            <numerusform>%n réponses manquent</numerusform>
        </translation>
    </message>
</context>
</TS>
