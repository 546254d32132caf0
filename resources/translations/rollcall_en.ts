<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AssignDialog</name>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln found</numerusform>
            <numerusform>%Ln found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AssignmentPage</name>
    <message numerus="yes">
        <source>%Ln assignments</source>
        <translation>
            <numerusform>%Ln assignment</numerusform>
            <numerusform>%Ln assignments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln roles</source>
        <translation>
            <numerusform>%Ln role</numerusform>
            <numerusform>%Ln roles</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are assigned twice</source>
        <translation>
            <numerusform>%Ln is assigned twice</numerusform>
            <numerusform>%Ln are assigned twice</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChartCard</name>
    <message numerus="yes">
        <source>Last %Ln cycles</source>
        <translation>
            <numerusform>Last cycle</numerusform>
            <numerusform>Last %Ln cycles</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DriftCard</name>
    <message numerus="yes">
        <source>%Ln accounts were changed by hand in GoTo</source>
        <translation>
            <numerusform>%Ln account was changed by hand in GoTo</numerusform>
            <numerusform>%Ln accounts were changed by hand in GoTo</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>Show %Ln more</numerusform>
            <numerusform>Show %Ln more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Repair %Ln accounts</source>
        <translation>
            <numerusform>Repair %Ln account</numerusform>
            <numerusform>Repair %Ln accounts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Accept %Ln accounts</source>
        <translation>
            <numerusform>Accept %Ln account</numerusform>
            <numerusform>Accept %Ln accounts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailuresCard</name>
    <message numerus="yes">
        <source>%Ln people could not be provisioned</source>
        <translation>
            <numerusform>%Ln person could not be provisioned</numerusform>
            <numerusform>%Ln people could not be provisioned</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HealthCard</name>
    <message numerus="yes">
        <source>every %Ln minutes</source>
        <translation>
            <numerusform>every minute</numerusform>
            <numerusform>every %Ln minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HealthWording</name>
    <message numerus="yes">
        <source>%Ln people could not be provisioned</source>
        <translation>
            <numerusform>%Ln person could not be provisioned</numerusform>
            <numerusform>%Ln people could not be provisioned</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing is lost; Rollcall tries again in %n minutes.</source>
        <translation>
            <numerusform>Nothing is lost; Rollcall tries again in %n minute.</numerusform>
            <numerusform>Nothing is lost; Rollcall tries again in %n minutes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changes made</source>
        <translation>
            <numerusform>%Ln change made</numerusform>
            <numerusform>%Ln changes made</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln accounts taken over</source>
        <translation>
            <numerusform>%Ln account taken over</numerusform>
            <numerusform>%Ln accounts taken over</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln people checked</source>
        <translation>
            <numerusform>%Ln person checked</numerusform>
            <numerusform>%Ln people checked</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message numerus="yes">
        <source>%Ln removals are waiting for your decision</source>
        <translation>
            <numerusform>%Ln removal is waiting for your decision</numerusform>
            <numerusform>%Ln removals are waiting for your decision</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release %Ln removals…</source>
        <translation>
            <numerusform>Release %Ln removal…</numerusform>
            <numerusform>Release %Ln removals…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln creates</source>
        <translation>
            <numerusform>%Ln create</numerusform>
            <numerusform>%Ln creates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln updates</source>
        <translation>
            <numerusform>%Ln update</numerusform>
            <numerusform>%Ln updates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln accounts</source>
        <translation>
            <numerusform>%Ln account</numerusform>
            <numerusform>%Ln accounts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disable %Ln accounts in GoTo now?</source>
        <translation>
            <numerusform>Disable %Ln account in GoTo now?</numerusform>
            <numerusform>Disable %Ln accounts in GoTo now?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Release %Ln removals</source>
        <translation>
            <numerusform>Release %Ln removal</numerusform>
            <numerusform>Release %Ln removals</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HeldList</name>
    <message numerus="yes">
        <source>%Ln people</source>
        <translation>
            <numerusform>%Ln person</numerusform>
            <numerusform>%Ln people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln more</source>
        <translation>
            <numerusform>Show %Ln more</numerusform>
            <numerusform>Show %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message numerus="yes">
        <source>%Ln records</source>
        <translation>
            <numerusform>%Ln record</numerusform>
            <numerusform>%Ln records</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new since you looked</source>
        <translation>
            <numerusform>%Ln new since you looked</numerusform>
            <numerusform>%Ln new since you looked</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PulseWording</name>
    <message numerus="yes">
        <source>%Ln failures</source>
        <translation>
            <numerusform>%Ln failure</numerusform>
            <numerusform>%Ln failures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln removals wait for you</source>
        <translation>
            <numerusform>%Ln removal waits for you</numerusform>
            <numerusform>%Ln removals wait for you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln people read</source>
        <translation>
            <numerusform>%Ln person read</numerusform>
            <numerusform>%Ln people read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln records this cycle</source>
        <translation>
            <numerusform>%Ln record this cycle</numerusform>
            <numerusform>%Ln records this cycle</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultWording</name>
    <message numerus="yes">
        <source>%n values changed</source>
        <translation>
            <numerusform>%n value changed</numerusform>
            <numerusform>%n values changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncCard</name>
    <message numerus="yes">
        <source>of %Ln people</source>
        <translation>
            <numerusform>of %Ln person</numerusform>
            <numerusform>of %Ln people</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln people a second</source>
        <translation>
            <numerusform>%Ln person a second</numerusform>
            <numerusform>%Ln people a second</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ToDateCard</name>
    <message numerus="yes">
        <source>%Ln requests</source>
        <translation>
            <numerusform>%Ln request</numerusform>
            <numerusform>%Ln requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Entry</name>
    <message numerus="yes">
        <source>%Ln decisions waiting</source>
        <translation>
            <numerusform>%Ln decision waiting</numerusform>
            <numerusform>%Ln decisions waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Missing</name>
    <message numerus="yes">
        <source>%n answers are missing</source>
        <translation>
            <numerusform>%n answer is missing</numerusform>
            <numerusform>%n answers are missing</numerusform>
        </translation>
    </message>
</context>
</TS>
